import Git
import GitWire
import Testing

/// Deltas, however they are arranged: what becomes of them is what git makes of them.
@Suite struct PackResolutionTests {
    private static let history = """
        seq 1 3000 > long; mkdir d; seq 1 500 > d/file; git add .; git commit -qm 0
        for i in $(seq 1 40); do sed -i "$i s/.*/line $i/" long; echo $i >> d/file; git add .; git commit -qm $i; done
        """

    @Test(arguments: ["--delta-base-offset", "", "--delta-base-offset --depth=250 --window=100"], [64 << 20, 0])
    func `the index is the one that git writes`(options: String, heldBytes: Int) async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.history)
            var limits = PackLimits()
            limits.heldBytes = heldBytes
            let pack = try await scratch.pack("main", options: options)
            #expect(try await scratch.receive(pack, tips: [scratch.id("main")], limits: limits) == nil)
            try await compareIndex(scratch)
        }
    }

    @Test func `a thin pack is completed`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.history)
            try await scratch.push("main~20", as: "refs/heads/main")
            let before = try await scratch.files("objects/pack")
            for options in ["--thin", "--thin --delta-base-offset"] {
                let pack = try await scratch.pack("main\n^main~20", options: options)
                #expect(try await scratch.receive(pack, tips: [scratch.id("main")]) == nil)
                for file in try await scratch.files("objects/pack") where !before.contains(file) {
                    if file.hasSuffix(".idx") { try await compareIndex(scratch, file) }
                    _ = try await shell("rm -f \(file)", in: scratch.server)
                }
            }
        }
    }

    @Test func `a long chain that comes in the wrong order is resolved`() async throws {
        try await Scratch.with { scratch in
            let pack = try await chain(length: 4000, scratch)
            #expect(try await scratch.receive(pack, tips: []) == nil)
            try await compareIndex(scratch)
        }
    }

    @Test func `a chain of 40,000 deltas is refused before it costs much`() async throws {
        try await Scratch.with { scratch in
            var limits = PackLimits()
            limits.seconds = 20
            try await refuse(
                chain(length: 40_000, scratch), "pack holds a chain of more than 4095 deltas", scratch, limits)
        }
    }

    @Test func `deltas on each other or on nothing are refused`() async throws {
        try await Scratch.with { scratch in
            let names = (1...3).map { [UInt8](repeating: $0, count: 20) }
            var circle = PackBuilder(count: 2)
            for name in names[..<2] { circle.add(type: 7, prefix: name, [1, 1, 1, 65]) }
            try await refuse(circle.finished(), "pack has 2 unresolved deltas (delta base 0101", scratch)
            var orphan = PackBuilder(count: 2)
            orphan.add(type: 3, Array("hello".utf8))
            orphan.add(type: 7, prefix: names[2], [1, 1, 1, 65])
            try await refuse(orphan.finished(), "pack has 1 unresolved delta (delta base 0303", scratch)
        }
    }

    @Test(
        arguments: [
            [5, 3, 0x90, 6], [5, 3, 0x91, 3, 3], [5, 6, 0x90, 5], [5, 4, 0x90, 5], [5, 1, 0], [4, 4, 0x90, 4],
            [5, 2, 2, 65],
            [5, 5, 0x90], [5, 5, 0xff, 1],
        ] as [[UInt8]])
    func `a delta that does not fit is refused`(delta: [UInt8]) async throws {
        try await Scratch.with { scratch in
            for type: UInt8 in [6, 7] {
                var pack = PackBuilder(count: 2)
                let base = Array("hello".utf8)
                let start = pack.offset
                pack.add(type: 3, base)
                let name = try await scratch.object("git hash-object --stdin", input: base)
                let offset = pack.offset
                pack.add(type: type, prefix: type == 6 ? [UInt8(offset - start)] : name.bytes, delta)
                try await refuse(pack.finished(), "failed to apply delta at offset \(offset)", scratch)
            }
        }
    }

    @Test func `an object that is there twice is refused`() async throws {
        try await Scratch.with { scratch in
            var whole = PackBuilder(count: 2)
            for _ in 0..<2 { whole.add(type: 3, Array("same".utf8)) }
            try await refuse(whole.finished(), "appears twice in the pack", scratch)
            var made = PackBuilder(count: 2)
            let start = made.offset
            made.add(type: 3, Array("same".utf8))
            made.add(type: 6, prefix: [UInt8(made.offset - start)], [4, 4, 0x90, 4])
            try await refuse(made.finished(), "appears twice in the pack", scratch)
        }
    }

    @Test func `a tree or commit beyond its limit is refused, whole or as a delta`() async throws {
        try await Scratch.with { scratch in
            var limits = PackLimits()
            limits.structureBytes = 1000
            var whole = PackBuilder(count: 1)
            whole.add(type: 2, [UInt8](repeating: 0, count: 1001))
            try await refuse(
                whole.finished(), "pack holds a tree of 1001 bytes, more than the limit of 1000 bytes", scratch, limits)
            var made = PackBuilder(count: 2)
            let start = made.offset
            let tree = Array("100644 a\0".utf8) + [UInt8](repeating: 1, count: 20)
            made.add(type: 2, tree)
            let delta = PackBuilder.size(tree.count) + PackBuilder.size(1100) + [0x90, UInt8(tree.count)]
            made.add(type: 6, prefix: [UInt8(made.offset - start)], delta)
            try await refuse(made.finished(), "pack holds a tree of 2 KiB, more than the limit", scratch, limits)
        }
    }

    /// A blob and `length` deltas named by their bases' IDs, the last of the chain first.
    private func chain(length: Int, _ scratch: Scratch) async throws -> [UInt8] {
        let script = """
            python3 - <<'END'
            import hashlib, struct, sys, zlib
            def size(n):
                return bytes([n]) if n < 128 else bytes([n & 127 | 128]) + size(n >> 7)
            def name(data):
                return hashlib.sha1(b"blob %d\\0" % len(data) + data).digest()
            def entry(kind, prefix, data):
                n, first = len(data) >> 4, kind << 4 | len(data) & 15
                return (bytes([first]) if n == 0 else bytes([first | 128]) + size(n)) + prefix + zlib.compress(data, 1)
            text, entries = b"chain 000000", []
            entries.append(entry(3, b"", text))
            for i in range(\(length)):
                base, text = text, b"chain %06d" % (i + 1)
                entries.append(entry(7, name(base), b"\\x0c\\x0c\\x90\\x06\\x06" + text[6:]))
            body = b"PACK" + struct.pack(">II", 2, len(entries)) + b"".join(reversed(entries))
            sys.stdout.buffer.write(body + hashlib.sha1(body).digest())
            END
            """
        return try await shell(script, in: scratch.path).output
    }

    /// Expects the server's only index, or this one, to be what git makes of its pack.
    private func compareIndex(_ scratch: Scratch, _ index: String = "objects/pack/*.idx") async throws {
        let script = """
            idx=$(echo \(index)); git index-pack -o ../git.idx "${idx%.idx}.pack" > ../name
            cmp ../git.idx "$idx"; echo "objects/pack/pack-$(cat ../name).idx $idx"; rm -f ../git.idx
            """
        let names = try await shell(script, in: scratch.server).text.split(separator: " ")
        #expect(names.first == names.last)
    }

    private func refuse(
        _ pack: [UInt8], _ reason: String, _ scratch: Scratch, _ limits: PackLimits = PackLimits(),
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        let quarantine = try Quarantine(repository: scratch.server, limits: limits)
        let error = await #expect(throws: GitError.self, sourceLocation: location) {
            _ = try await quarantine.append(pack)
            _ = try await quarantine.finish()
        }
        let found = error?.reason ?? ""
        #expect(found.contains(reason), sourceLocation: location)
        try await quarantine.discard()
        #expect(try await scratch.files("objects") == ["objects/info", "objects/pack"], sourceLocation: location)
    }
}
