import CSHA1
import CSHA1.Internals
import Testing

@Suite struct CollisionTests {
    /// A block that is part of an attack which nobody has found: the state it should begin with is one that can follow
    /// from no known message, so it can only be shown to the recompression by itself.
    struct Attack {
        let block: [UInt8]
        let before: [UInt32]
        let after: [UInt32]

        /// Chooses the state in the middle, runs both blocks to both ends, and sets the two ends of our block to what
        /// makes them collide.
        init?(by index: Int, _ noise: inout Noise) {
            guard let block = BitRow.block(for: index, &noise) else { return nil }
            let vector = Vector.all[index]
            let own = Reference.expand(Reference.words(block))
            let sister = zip(own, vector.differences).map { $0 ^ $1 }
            let middle = (0..<5).map { _ in UInt32(truncatingIfNeeded: noise.next()) }
            let beginning = Reference.backward(middle, sister, 0..<vector.equalStep)
            let end = Reference.forward(middle, own, vector.equalStep..<80)
            self.block = block
            after = Reference.compress(beginning, Reference.expand(Array(sister.prefix(16))))
            before = zip(after, end).map { $0 &- $1 }
        }
    }

    static func recompress(
        _ attack: Attack, after: [UInt32]? = nil, among blocks: [[UInt8]], lane: Int, variant: Int, candidates: UInt32
    ) -> Bool {
        var context = csha1_context()
        csha1_begin_variant(&context, variant)
        let bytes = Array(blocks.joined())
        let after = after ?? attack.after
        return csha1_recompress(&context, bytes, blocks.count, lane, attack.before, after, candidates)
    }

    /// Hashes the blocks of the prefix from `first` on, then `tail`, as the whole would be.
    static func verdict(from first: Int, _ tail: [UInt8], variant: Int) -> Bool {
        var context = csha1_context()
        csha1_begin_variant(&context, variant)
        let states = Self.states
        context.state = (states[first][0], states[first][1], states[first][2], states[first][3], states[first][4])
        let bytes = Array(SHAttered.prefix.dropFirst(64 * first)) + tail
        csha1_add(&context, bytes, bytes.count)
        var digest = [UInt8](repeating: 0, count: 20)
        return csha1_end(&context, &digest)
    }

    /// The chaining states before each block of the prefix.
    static let states = (0..<5).reduce(into: [Reference.initial]) { states, index in
        let block = SHAttered.prefix[64 * index..<64 * index + 64]
        states.append(Reference.compress(states[index], Reference.expand(Reference.words(block))))
    }

    @Test(arguments: Digest.variants)
    func `SHAttered is found however it is split`(variant: Int) {
        #expect(Digest(SHAttered.prefix, variant: variant) == Digest([SHAttered.prefix[...]], variant: variant))
        #expect(Digest(SHAttered.prefix, variant: variant).hex == SHAttered.digest)
        #expect(Digest.plain([SHAttered.prefix[...]]) == SHAttered.digest)
        for cut in 0...320 {
            let parts = [SHAttered.prefix[..<cut], SHAttered.prefix[cut...]]
            #expect(!Digest(parts, variant: variant).isFine, "split at \(cut)")
        }
        var noise = Noise(state: 7)
        for _ in 0..<20 {
            #expect(!Digest(noise.cut(SHAttered.prefix + noise.bytes(3000)), variant: variant).isFine)
        }
    }

    @Test(arguments: Digest.variants)
    func `SHAttered is found in any place of a run, whatever follows`(variant: Int) {
        var noise = Noise(state: 8)
        for first in 0..<5 {
            for count in [0, 1, 63, 64, 200, 600, 703, 704, 1000, 5000] {
                #expect(
                    !Self.verdict(from: first, noise.bytes(count), variant: variant), "block \(first), then \(count)")
            }
        }
    }

    @Test(arguments: Digest.variants)
    func `no other part of SHAttered is an attack`(variant: Int) {
        #expect(Digest(Array(SHAttered.prefix.prefix(256)), variant: variant).isFine)
        // The blocks collide only from the state they were made for.
        #expect(Digest([0] + SHAttered.prefix, variant: variant).isFine)
        #expect(Digest(Array(SHAttered.prefix.dropFirst(64)), variant: variant).isFine)
        for bit in stride(from: 0, to: 8 * 320, by: 7) {
            var changed = SHAttered.prefix
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(Digest(changed, variant: variant).isFine, "bit \(bit) changed")
        }
    }

    @Test func `trying all vectors without screening finds the same in SHAttered`() {
        let found = (0..<5).map { Reference.attacks(Self.states[$0], SHAttered.prefix[64 * $0..<64 * $0 + 64]) }
        #expect(found == [[], [], [], [], [27]])
        #expect((Vector.all[27].type, Vector.all[27].position, Vector.all[27].rotation) == (2, 52, 0))
    }

    @Test(arguments: Digest.variants)
    func `an attack by any vector is found, in any lane`(variant: Int) throws {
        var noise = Noise(state: 9)
        for vector in 0..<32 {
            let attack = try #require(Attack(by: vector, &noise))
            let lane = vector % 16
            var blocks = (0..<Int.random(in: lane + 1...16, using: &noise)).map { _ in noise.bytes(64) }
            blocks[lane] = attack.block
            let survivors = ScreeningTests.screen(blocks, variant: variant)[lane]
            let only = UInt32(1) << UInt32(vector)
            #expect(survivors & only != 0)
            #expect(Self.recompress(attack, among: blocks, lane: lane, variant: variant, candidates: survivors))
            #expect(Self.recompress(attack, among: blocks, lane: lane, variant: variant, candidates: only))
            #expect(!Self.recompress(attack, among: blocks, lane: lane, variant: variant, candidates: ~only))
            for word in 0..<5 {
                var after = attack.after
                after[word] ^= 1 << UInt32.random(in: 0..<32, using: &noise)
                #expect(
                    !Self.recompress(attack, after: after, among: blocks, lane: lane, variant: variant, candidates: ~0))
            }
        }
    }

    @Test func `trying all vectors without screening finds nothing in random blocks either`() {
        var noise = Noise(state: 10)
        for _ in 0..<50 {
            let state = (0..<5).map { _ in UInt32(truncatingIfNeeded: noise.next()) }
            #expect(Reference.attacks(state, noise.bytes(64)).isEmpty)
        }
    }
}
