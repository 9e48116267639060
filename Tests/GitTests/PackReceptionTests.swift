import Git
import GitWire
import Testing

/// Packs as they arrive: where they end, and which are refused.
@Suite struct PackReceptionTests {
    /// A history with deltas: a long file that changes a little in each of 30 commits.
    private static let history = """
        seq 1 2000 > long; git add .; git commit -qm 0
        for i in $(seq 1 30); do sed -i "$i s/.*/line $i/" long; echo $i > small; git add .; git commit -qm $i; done
        """

    @Test(arguments: [1, 7, 65_536, .max], ["", "0000trailing bytes"])
    func `a pack is complete at its last byte, in pieces of any size`(size: Int, tail: String) async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.history)
            let stream = try await scratch.pack("main") + Array(tail.utf8)
            let quarantine = try Quarantine(repository: scratch.server)
            var rest = stream[...]
            var feed = PackFeed.needsMore
            while feed == .needsMore && !rest.isEmpty {
                feed = try await quarantine.append(Array(rest.prefix(size)))
                rest = rest.dropFirst(min(size, rest.count))
            }
            guard case .complete(let unused) = feed else { throw ShellFailure(description: "\(feed)") }
            #expect(unused + rest == Array(tail.utf8))
            let summary = try await quarantine.finish()
            #expect(summary == PackSummary(objects: 123, bytes: stream.count - tail.utf8.count))
            #expect(try await quarantine.missingObject(reachableFrom: [scratch.id("main")]) == nil)
            try await quarantine.migrate()
            let fsck = try await shell("git fsck --full --strict 2>&1", in: scratch.server)
            #expect(!fsck.text.contains("error") && fsck.text.contains("dangling commit"))
            #expect(try await scratch.files("objects").filter { $0.contains("incoming") } == [])
        }
    }

    @Test func `an empty pack stores nothing`() async throws {
        try await Scratch.with { scratch in
            let pack = try await PackBuilder(count: 0).finished()
            #expect(pack.count == 32)
            let quarantine = try Quarantine(repository: scratch.server)
            #expect(try await quarantine.append(pack + [1, 2]) == .complete(rest: [1, 2]))
            #expect(try await quarantine.finish() == PackSummary(objects: 0, bytes: 32))
            try await quarantine.migrate()
            await #expect(throws: GitError.self) { _ = try await quarantine.append(pack) }
            #expect(try await scratch.files("objects") == ["objects/info", "objects/pack"])
        }
    }

    @Test func `a thin pack takes its bases from the repository`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.history)
            try await scratch.push("main~5", as: "refs/heads/main")
            let thin = try await scratch.pack("main ^main~5".replacing(" ", with: "\n"), options: "--thin")
            let tip = try await scratch.id("main")
            #expect(try await scratch.receive(thin, tips: [tip]) == nil)
            let update = try await ReferenceUpdate(
                name: #require(ReferenceName("refs/heads/main")), old: scratch.id("main~5"), new: tip)
            #expect(try await scratch.apply([update]) == [.ok])
            #expect(try await shell("git fsck --full --strict", in: scratch.server).text == "")
        }
    }

    @Test func `a truncated pack is refused wherever it was cut`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client("echo a > a; git add .; git commit -qm a")
            let pack = try await scratch.pack("main")
            for length in stride(from: 0, to: pack.count, by: 9) {
                let reason = length < 12 ? "eof before pack header was fully read" : "early EOF"
                try await refuse(Array(pack[..<length]), reason, scratch)
            }
        }
    }

    @Test func `malformed packs are refused in git's words`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client("echo a > a; git add .; git commit -qm a")
            let pack = try await scratch.pack("main")
            let puck = Array("PUCK".utf8) + pack[4...]
            try await refuse(puck, "protocol error (pack signature mismatch detected)", scratch)
            try await refuse(pack[..<7] + [9] + pack[8...], "protocol error (pack version unsupported)", scratch)
            try await refuse(pack[..<11] + [2] + pack[12...], "pack is corrupted (SHA1 mismatch)", scratch)
            try await refuse(pack[..<11] + [4] + pack[12...], nil, scratch)
            try await refuse(pack.dropLast() + [pack[pack.count - 1] ^ 1], "pack is corrupted (SHA1 mismatch)", scratch)
            try await refuse(Array(pack[..<12]) + [0x50] + pack[13...], "unknown object type 5 at offset 12", scratch)
            try await refuse(Array(pack[..<14]) + [0xff, 0xff, 0xff] + pack[17...], nil, scratch)
            var empty = try await PackBuilder(count: 0).finished()
            empty[31] ^= 1
            try await refuse(empty, "pack is corrupted (SHA1 mismatch)", scratch)
        }
    }

    @Test func `entries that contradict their headers are refused`() async throws {
        try await Scratch.with { scratch in
            var long = PackBuilder(count: 1)
            long.add(type: 3, size: 4, Array("hello".utf8))
            try await refuse(long.finished(), "object at offset 12 is longer than its header says", scratch)
            var short = PackBuilder(count: 1)
            short.add(type: 3, size: 6, Array("hello".utf8))
            try await refuse(short.finished(), "object at offset 12 is shorter than its header says", scratch)
            var wild = PackBuilder(count: 1)
            wild.add(type: 6, prefix: [5], [1, 1, 1, 65])
            try await refuse(wild.finished(), "delta base offset is out of bound at offset 12", scratch)
            var orphan = PackBuilder(count: 1)
            orphan.add(type: 7, prefix: [UInt8](repeating: 7, count: 20), [1, 1, 1, 65])
            try await refuse(orphan.finished(), nil, scratch)
            var twice = PackBuilder(count: 2)
            for _ in 0..<2 { twice.add(type: 3, Array("same".utf8)) }
            try await refuse(twice.finished(), nil, scratch)
        }
    }

    @Test func `each limit refuses with its numbers`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client("head -c 3000000 /dev/zero > big; git add .; git commit -qm big")
            let pack = try await scratch.pack("main")
            func limits(_ change: (inout PackLimits) -> Void) -> PackLimits {
                var limits = PackLimits()
                change(&limits)
                return limits
            }
            try await refuse(
                pack, "pack holds an object of 3 MiB, more than the limit of 2 MiB", scratch,
                limits { $0.objectBytes = 2 << 20 })
            try await refuse(
                pack, "pack holds more than 1 MiB of objects, which is the limit", scratch,
                limits { $0.inflatedBytes = 1 << 20 })
            try await refuse(pack, "pack holds 3 objects, more than the limit of 2", scratch, limits { $0.objects = 2 })
            try await refuse(
                pack, "pack exceeds maximum allowed size (100 bytes)", scratch,
                limits { $0.packBytes = 100 })
            try await refuse(pack, "it takes longer than the limit of -1 s", scratch, limits { $0.seconds = -1 })
        }
    }

    @Test func `a small delta that makes a huge object is refused before it is applied`() async throws {
        try await Scratch.with { scratch in
            var bomb = PackBuilder(count: 2)
            let base = bomb.offset
            bomb.add(type: 3, [UInt8](repeating: 0, count: 64))
            let delta = PackBuilder.size(64) + PackBuilder.size(3 << 30) + [0x90, 64]
            bomb.add(type: 6, prefix: [UInt8(bomb.offset - base)], delta)
            try await refuse(bomb.finished(), "pack holds an object of 3 GiB, more than the limit of 512 MiB", scratch)
        }
    }

    @Test(arguments: [6, 7] as [UInt8])
    func `a chain of more deltas than the limit is refused`(type: UInt8) async throws {
        try await Scratch.with { scratch in
            var limits = PackLimits()
            limits.deltaDepth = 10
            for (count, isRefused) in [(11, false), (12, true)] {
                let pack = try await chain(count, type: type, scratch)
                if isRefused {
                    try await refuse(pack, "pack holds a chain of more than 10 deltas", scratch, limits)
                } else {
                    #expect(try await scratch.receive(pack, tips: [], limits: limits) == nil)
                }
            }
        }
    }

    /// A blob and `count - 1` deltas, each adding a letter to the object before.
    private func chain(_ count: Int, type: UInt8, _ scratch: Scratch) async throws -> [UInt8] {
        var pack = PackBuilder(count: UInt32(count))
        var previous = pack.offset
        var text = "a"
        pack.add(type: 3, Array(text.utf8))
        for _ in 1..<count {
            let base = try await scratch.object("git hash-object --stdin", input: Array(text.utf8))
            let delta =
                PackBuilder.size(text.utf8.count) + PackBuilder.size(text.utf8.count + 1)
                + [0x90, UInt8(text.utf8.count), 1, UInt8(ascii: "b")]
            let start = pack.offset
            pack.add(type: type, prefix: type == 6 ? [UInt8(start - previous)] : base.bytes, delta)
            previous = start
            text += "b"
        }
        return try await pack.finished()
    }

    @Test func `a cancelled quarantine fails`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.history)
            let quarantine = try Quarantine(repository: scratch.server)
            _ = try await quarantine.append(try await scratch.pack("main").dropLast())
            quarantine.cancel()
            await #expect(throws: GitError.self) {
                _ = try await quarantine.append([0])
                _ = try await quarantine.finish()
            }
            try await quarantine.discard()
        }
    }

    /// Expects `pack` to be refused for `reason`, and to leave nothing behind.
    private func refuse(
        _ pack: some Sequence<UInt8> & Sendable, _ reason: String?, _ scratch: Scratch,
        _ limits: PackLimits = PackLimits(),
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        let quarantine = try Quarantine(repository: scratch.server, limits: limits)
        let error = await #expect(throws: GitError.self, sourceLocation: location) {
            _ = try await quarantine.append(Array(pack))
            _ = try await quarantine.finish()
        }
        if let reason, let error {
            #expect(error.reason.contains(reason), sourceLocation: location)
        }
        await #expect(throws: GitError.self, sourceLocation: location) { try await quarantine.migrate() }
        try await quarantine.discard()
        let left = try await scratch.files("objects").filter { !$0.hasSuffix(".pack") && !$0.hasSuffix(".idx") }
        #expect(left == ["objects/info", "objects/pack"], sourceLocation: location)
    }
}
