import GitWire
import Glibc
import Testing

@testable import Git

/// Reading packs, sound and broken.
@Suite struct PackFileTests {
    private static let history = """
        for i in $(seq 1 12); do seq $i 500 > f; echo $i > g$i; git add .; git commit -qm $i; done
        git tag -a -m tag tag
        """

    /// What git says about each object: ID, kind, size.
    private static let list = "git cat-file --batch-all-objects --batch-check"

    private static let preparations = [
        "true", "git repack -qadf", "git -c repack.useDeltaBaseOffset=false repack -qadf", "git repack -qd",
    ]

    @Test(arguments: preparations)
    func `every object reads as git reads it`(preparation: String) async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.history + "\n" + preparation)
            let expected = try await scratch.client(Self.list).split(separator: "\n").map(String.init)
            let contents = try await shell("git cat-file --batch-all-objects --batch", in: scratch.client).output
            let store = try ObjectStore("\(scratch.client)/.git/objects")
            var all: [UInt8] = []
            for line in expected {
                let id = try #require(ObjectID(line.prefix(40)))
                let number = try #require(try store.number(of: ObjectKey(id)))
                let object = try store.object(number)
                #expect(try store.kind(number) == object.kind)
                #expect(store.key(of: number).id == id)
                all += Array("\(id) \(object.kind) \(object.content.count)\n".utf8)
                object.withBytes { all += $0 }
                all.append(UInt8(ascii: "\n"))
            }
            #expect(all == contents)
        }
    }

    @Test func `a pack that appears later is found when an object is missed`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.history + "\ngit repack -qad")
            let store = try ObjectStore("\(scratch.client)/.git/objects")
            try await scratch.client("echo new > new; git add .; git commit -qm new; git repack -qd")
            let tip = try await scratch.id("main")
            #expect(try store.object(ObjectKey(tip))?.kind == .commit)
            #expect(try store.object(ObjectKey(ObjectID.zero)) == nil)
        }
    }

    @Test func `the n-th object is at its place in the order of the pack`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.history + "\ngit repack -qad")
            let name = try await scratch.client("ls $PWD/.git/objects/pack/*.pack")
            let pack = try PackFile(String(name.dropLast(5)))
            let expected = try await scratch.client("cat .git/objects/pack/*.idx | git show-index | sort -n")
            let found = (0..<pack.count).map { rank in
                let position = Int(pack.order.positions[rank])
                let checksum = String(pack.index.checksum(at: position), radix: 16)
                let digits = String(repeating: "0", count: 8 - checksum.count) + checksum
                return "\(pack.index.offset(at: position)) \(pack.index.key(at: position).id) (\(digits))"
            }
            #expect(found.joined(separator: "\n") == expected)
            for rank in 0..<pack.count {
                let position = Int(pack.order.positions[rank])
                try pack.verify(position, pack.order.offset(rank)..<pack.order.end(rank, pack.end))
                #expect(pack.order.rank(of: pack.order.offset(rank)) == rank)
                #expect(pack.order.rank(of: pack.order.offset(rank), before: pack.count - 1) == rank)
            }
            #expect(pack.order.rank(of: 13) == nil)
        }
    }

    @Test func `no damage to a pack or its index leads to more than an error`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.history + "\ngit repack -qadf; chmod +w .git/objects/pack/*")
            let base = String(try await scratch.client("ls $PWD/.git/objects/pack/*.pack").dropLast(5))
            var random = Randomness(seed: 1)
            for ending in ["pack", "idx"] {
                let bytes = try FileSystem.read("\(base).\(ending)")
                for round in 0..<400 {
                    var broken = bytes
                    for _ in 0...random.next(0...3) {
                        broken[random.next(0...(bytes.count - 1))] = UInt8(random.next(0...255))
                    }
                    if round % 8 == 0 { broken.removeLast(random.next(1...(bytes.count - 1))) }
                    try Self.replace("\(base).\(ending)", broken)
                    Self.readAll("\(scratch.client)/.git/objects", base)
                }
                try Self.replace("\(base).\(ending)", bytes)
            }
            #expect(Self.readAll("\(scratch.client)/.git/objects", base) > 30)
        }
    }

    /// Files in use are never changed in place: they are mapped.
    private static func replace(_ path: String, _ bytes: [UInt8]) throws {
        unlink(path)
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o644)
        defer { close(file) }
        try bytes.withUnsafeBufferPointer { bytes throws(GitError) in try FileSystem.write(bytes, to: file, path: path)
        }
    }

    /// Reads what can be read; returns how many objects that is.
    @discardableResult
    private static func readAll(_ objects: String, _ base: String) -> Int {
        guard let store = try? ObjectStore(objects) else { return 0 }
        var read = 0
        for position in 0..<store.packedCount {
            let number = ObjectNumber(raw: UInt32(position))
            if (try? store.kind(number)) != nil, (try? store.object(number)) != nil { read += 1 }
            if let pack = store.packs.first { _ = try? pack.entry(at: pack.order.offset(position)) }
        }
        return read
    }
}
