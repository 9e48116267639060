import Git
import GitWire
import Testing

/// What becomes of a push's objects.
@Suite struct QuarantineTests {
    private static let commit = "echo a > a; git add .; git commit -qm a"

    @Test func `nobody sees objects in quarantine, and its owner does`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.commit)
            let tip = try await scratch.id("main")
            let quarantine = try Quarantine(repository: scratch.server)
            _ = try await quarantine.append(scratch.pack("main"))
            _ = try await quarantine.finish()
            #expect(try await quarantine.kind(of: tip) == .commit)
            #expect(try await quarantine.commit(tip).subject == "a")
            #expect(try await Repository.withRepository(at: scratch.server) { try $0.kind(of: tip) } == nil)
            try await quarantine.discard()
            #expect(try await scratch.files("objects") == ["objects/info", "objects/pack"])
            await #expect(throws: GitError.self) { try await quarantine.migrate() }
        }
    }

    @Test func `git sees a quarantine through a folder of its own form, for the server's user alone`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.commit)
            let tip = try await scratch.id("main")
            let quarantine = try Quarantine(repository: scratch.server)
            _ = try await quarantine.append(scratch.pack("main"))
            _ = try await quarantine.finish()
            #expect(try await quarantine.kind(of: tip) == .commit)
            let folder = try await quarantine.folder()
            #expect(try await shell("stat -c %a '\(folder)'", in: scratch.server).text == "700")
            let kind = "GIT_OBJECT_DIRECTORY='\(folder)' git cat-file -t \(tip)"
            #expect(try await shell(kind, in: scratch.server).text == "commit")
            #expect(try await quarantine.kind(of: tip) == .commit)
            try await quarantine.migrate()
            #expect(try await quarantine.kind(of: tip) == .commit)
            #expect(try await scratch.files("objects").count == 4)
            _ = try await shell("git fsck --full", in: scratch.server)
        }
    }

    @Test func `a quarantine that is dropped discards itself`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.commit)
            let pack = try await scratch.pack("main")
            for length in [0, 50, pack.count] {
                let quarantine = try Quarantine(repository: scratch.server)
                _ = try await quarantine.append(Array(pack[..<length]))
                if length == pack.count { _ = try await quarantine.finish() }
            }
            // The last reference may be let go by the quarantine's own thread a moment later.
            var attempts = 0
            while try await scratch.files("objects").count != 2, attempts < 1000 { attempts += 1 }
            #expect(try await scratch.files("objects") == ["objects/info", "objects/pack"])
        }
    }

    @Test func `the same pack twice is one pack`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.commit)
            let (pack, tip) = try await (scratch.pack("main"), scratch.id("main"))
            let two = try [Quarantine(repository: scratch.server), Quarantine(repository: scratch.server)]
            for quarantine in two {
                _ = try await quarantine.append(pack)
                _ = try await quarantine.finish()
            }
            for quarantine in two {
                try await quarantine.migrate()
                try await quarantine.migrate()
                try await quarantine.discard()
                #expect(try await quarantine.kind(of: tip) == .commit)
            }
            #expect(try await scratch.files("objects/pack").count == 2)
        }
    }

    @Test func `what was migrated stays when its quarantine is discarded`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(Self.commit)
            try await scratch.push("main", as: "refs/heads/main")
            let script = "git fsck --full --strict && git cat-file -p main:a"
            #expect(try await shell(script, in: scratch.server).text == "a")
        }
    }

    @Test func `there is no quarantine without a repository`() async throws {
        #expect(throws: GitError.self) { _ = try Quarantine(repository: "/nonexistent/x.git") }
    }
}
