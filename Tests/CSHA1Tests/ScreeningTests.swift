import CSHA1
import CSHA1.Internals
import Testing

@Suite struct ScreeningTests {
    /// The survivors of up to 16 blocks, by a variant.
    static func screen(_ blocks: [[UInt8]], variant: Int) -> [UInt32] {
        var context = csha1_context()
        csha1_begin_variant(&context, variant)
        var survivors = [UInt32](repeating: 0, count: 16)
        csha1_screen(&context, Array(blocks.joined()), blocks.count, &survivors)
        return Array(survivors.prefix(blocks.count))
    }

    @Test func `the differences of every vector follow from its definition`() {
        for (index, vector) in Vector.all.enumerated() {
            var (type, position, rotation): (Int32, Int32, Int32) = (0, 0, 0)
            var differences = [UInt32](repeating: 0, count: 80)
            csha1_vector(index, &type, &position, &rotation, &differences)
            #expect([Int(type), Int(position), Int(rotation)] == [vector.type, vector.position, vector.rotation])
            #expect(differences == vector.differences)
            #expect(Reference.expand(Array(differences.prefix(16))) == differences, "it is not a message expansion")
            // No disturbance is under way before the step: so the states can be equal there.
            #expect(vector.disturbances[vector.equalStep..<vector.equalStep + 5].allSatisfy { $0 == 0 })
        }
    }

    @Test(arguments: Digest.variants)
    func `each condition strikes out exactly its vectors`(variant: Int) throws {
        var noise = Noise(state: 4)
        for vector in 0..<32 {
            let count = Condition.all.count { $0.vectors >> UInt32(vector) & 1 == 1 }
            let good = try #require(BitRow.block(for: vector, &noise))
            #expect(Self.screen([good], variant: variant)[0] >> UInt32(vector) & 1 == 1)
            for broken in 0..<count {
                let bad = try #require(BitRow.block(for: vector, broken: broken, &noise))
                #expect(Self.screen([bad], variant: variant)[0] >> UInt32(vector) & 1 == 0)
            }
        }
    }

    @Test(arguments: Digest.variants)
    func `every lane of every length is screened by itself`(variant: Int) throws {
        var noise = Noise(state: 5)
        for count in 1...16 {
            let blocks = try (0..<count).map { _ in
                try #require(BitRow.block(for: Int.random(in: 0..<32, using: &noise), &noise))
            }
            let expected = blocks.map { Condition.survivors(Reference.expand(Reference.words($0))) }
            #expect(!expected.contains(0))
            #expect(Self.screen(blocks, variant: variant) == expected)
        }
    }

    @Test func `as many random blocks survive as the conditions' authors found`() {
        var noise = Noise(state: 6)
        var survived = 0
        for _ in 0..<2000 {
            let blocks = (0..<16).map { _ in noise.bytes(64) }
            survived += Self.screen(blocks, variant: 0).count { $0 != 0 }
        }
        // 4.73 % of 32,000 blocks are 1514, with a standard deviation of 38.
        #expect((1330...1700).contains(survived))
    }
}
