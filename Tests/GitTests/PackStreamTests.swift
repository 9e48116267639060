import Git
import GitWire
import Glibc
import Testing

/// How packs are made: what is copied from the repository's own, and what is not.
@Suite struct PackStreamTests {
    private static let history = """
        for i in $(seq 1 30); do seq $i 2000 > f; echo $i > g$i; git add .; git commit -qm $i; done
        """

    private static func all(_ scratch: Scratch, offsets: Bool = true) async throws -> FetchRequest {
        var request = FetchRequest()
        request.wants = [try await scratch.id("main")]
        request.allowsOffsetDeltas = offsets
        return request
    }

    @Test func `deltas of the repository's packs are kept`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.history + "\ngit repack -qadf --depth=50")
            for offsets in [true, false] {
                let fetch = try await scratch.fetch(Self.all(scratch, offsets: offsets))
                let options = offsets ? "--delta-base-offset" : ""
                #expect(try await scratch.pack("main", options: options).count == fetch.pack.count)
            }
        }
    }

    @Test func `deltas on objects that the client has are kept in a thin pack only`() async throws {
        try await Scratch.with { scratch in
            // The file shrinks: its older version is the base of the younger one.
            try await scratch.client(
                "for i in 1 2; do seq $i 2000 > f; git add .; git commit -qm $i; done; git repack -qadf")
            var request = try await Self.all(scratch)
            request.common = [try await scratch.id("main~1")]
            let plain = try await scratch.fetch(request)
            request.isThin = true
            let thin = try await scratch.fetch(request)
            #expect(thin.sent == plain.sent && thin.pack.count < plain.pack.count / 4)
        }
    }

    @Test func `objects that are in many packs, as deltas on each other, are sent once`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(
                """
                \(Self.history)
                git rev-list --objects main | git pack-objects -q .git/objects/pack/pack
                git rev-list --objects main~7 | tac | git pack-objects -q --window=50 .git/objects/pack/pack
                git rev-list --objects --reverse main~2 | git pack-objects -q --window=0 .git/objects/pack/pack
                git rev-list --objects main~9..main~3 | git pack-objects -q --window=9 .git/objects/pack/pack
                git prune-packed
                """)
            for offsets in [true, false] {
                let fetch = try await scratch.fetch(Self.all(scratch, offsets: offsets))
                #expect(try await fetch.sent == scratch.reached("main"))
            }
        }
    }

    @Test func `large files are sent in small pieces`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(
                """
                head -c 3000000 /dev/urandom > big; git add .; git commit -qm big; git repack -qad
                head -c 2000000 /dev/urandom > loose; git add .; git commit -qm loose
                """)
            #expect(try await scratch.fetch(Self.all(scratch)).sent == scratch.reached("main"))
        }
    }

    @Test func `a stream goes on when its packs are replaced and its loose objects packed`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(
                """
                head -c 900000 /dev/urandom > a; git add .; git commit -qm a; git repack -qad
                head -c 900000 /dev/urandom > b; git add .; git commit -qm b
                """)
            let source = PackSource(repository: "\(scratch.client)/.git")
            let request = try await Self.all(scratch)
            _ = try await source.prepare(request)
            var pack = try await source.next()
            try await scratch.client("git repack -qadf; [ $(find .git/objects/pack -name '*.pack' | wc -l) = 1 ]")
            while true {
                let piece = try await source.next()
                if piece.isEmpty { break }
                pack += piece
            }
            _ = try await shell("git init -q --bare peer.git", in: scratch.path)
            let fetch = try await scratch.store(pack, in: "peer.git", tips: request.wants)
            #expect(try await fetch.sent == scratch.reached("main"))
        }
    }

    @Test func `what an alternate holds is sent, too`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.history + "\ngit repack -qad")
            _ = try await shell("git clone -q --bare --shared client borrower.git", in: scratch.path)
            let pack = try await scratch.answer(Self.all(scratch), from: "\(scratch.path)/borrower.git")
            _ = try await shell("git init -q --bare peer.git", in: scratch.path)
            let fetch = try await scratch.store(pack, in: "peer.git", tips: [scratch.id("main")])
            #expect(try await fetch.sent == scratch.reached("main"))
        }
    }

    @Test func `a flipped bit anywhere in a pack is noticed before it is sent`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(
                "for i in 1 2 3 4; do seq $i 400 > f; git add .; git commit -qm $i; done; git repack -qad")
            let request = try await Self.all(scratch)
            let path = try await scratch.client("chmod +w .git/objects/pack/*; ls $PWD/.git/objects/pack/*.pack")
            let size = try await scratch.answer(request).count
            let file = open(path, O_RDWR)
            defer { close(file) }
            for offset in stride(from: 0, to: size, by: 7) {
                var byte: UInt8 = 0
                #expect(pread(file, &byte, 1, off_t(offset)) == 1)
                var wrong = byte ^ 0x10
                #expect(pwrite(file, &wrong, 1, off_t(offset)) == 1)
                let sent = try? await scratch.answer(request)
                #expect(sent == nil, "offset \(offset)")
                #expect(pwrite(file, &byte, 1, off_t(offset)) == 1)
            }
            #expect(try await scratch.answer(request).count == size)
        }
    }

    @Test func `a cancelled source stops`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.history)
            let source = PackSource(repository: "\(scratch.client)/.git")
            _ = try await source.prepare(Self.all(scratch))
            source.cancel()
            await #expect(throws: GitError.self) { _ = try await source.next() }
        }
    }

    @Test func `an empty answer is an empty pack`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.history)
            var request = try await Self.all(scratch)
            request.common = request.wants
            let empty = try await scratch.pack(objects: [])
            #expect(try await scratch.answer(request) == empty)
        }
    }
}
