import Git
import GitWire
import Glibc
import Testing

/// A commit's files on disk, and never a byte elsewhere.
@Suite struct TreeExportTests {
    @Test func `an export is what git archive makes`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(
                """
                mkdir -p a/b/c 'with space' "$(printf 'caf\\303\\251')"; echo text > a/b/c/file; : > empty
                head -c 2000000 /dev/urandom > a/binary; printf '#!/bin/sh\\n' > run; chmod +x run
                ln -s ../nowhere a/link; ln -s /etc/passwd a/b/absolute; ln -s a/b folder
                touch 'with space/-x' "$(printf 'caf\\303\\251')/x" "$(printf 'odd\\377\\nname')"
                touch .gitignore .gitattributes
                git add -A; git commit -qm all; git push -q ../server.git main
                """)
            let tip = try await scratch.id("main")
            let target = scratch.path + "/export"
            umask(0o077)
            defer { umask(0o022) }
            let export = try await Repository.withRepository(at: scratch.server) {
                try $0.exportTree(of: tip, to: target)
            }
            #expect(export.files == 12 && export.submodules == [] && export.lfsPointers == [])
            let script = """
                umask 022; mkdir archive; git -C client -c tar.umask=022 archive main | tar x -C archive
                diff -r --no-dereference archive export
                for d in archive export; do (cd $d; find . -printf '%y %m %l %P\\n' | LC_ALL=C sort > ../$d.list); done
                diff archive.list export.list
                """
            #expect(try await shell(script, in: scratch.path).text == "")
        }
    }

    @Test func `a file's time tells its content, from export to export`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(
                """
                echo same > same; echo old > changed; git add -A; git commit -qm one; git push -q ../server.git main
                echo new > changed; git commit -qam two; git push -q ../server.git main:two
                """)
            for (commit, folder) in [("main~1", "one"), ("main~1", "again"), ("main", "two")] {
                let tip = try await scratch.id(commit)
                try await Repository.withRepository(at: scratch.server) {
                    _ = try $0.exportTree(of: tip, to: "\(scratch.path)/\(folder)")
                }
            }
            let times = "for d in one again two; do stat -c %y $d/same $d/changed; done"
            let lines = try await shell(times, in: scratch.path).text.split(separator: "\n")
            #expect(lines.count == 6)
            #expect(lines[0] == lines[2] && lines[0] == lines[4])
            #expect(lines[1] == lines[3] && lines[1] != lines[5])
        }
    }

    @Test func `submodules and LFS pointers are reported`() async throws {
        try await Scratch.with { scratch in
            let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"
            try await scratch.client(
                """
                mkdir big; cat > big/video.mp4; echo 'version 1' > plain; git add .
                git update-index --add --cacheinfo 160000,1111111111111111111111111111111111111111,libs/sub
                git commit -qm all
                """, input: Array(pointer.utf8))
            try await scratch.push("main", as: "refs/heads/main")
            let (tip, target) = try await (scratch.id("main"), scratch.path + "/export")
            let export = try await Repository.withRepository(at: scratch.server) {
                try $0.exportTree(of: tip, to: target)
            }
            #expect(export.submodules == ["libs/sub"] && export.lfsPointers == ["big/video.mp4"])
        }
    }

    @Test(arguments: ["..", ".", ".git", "a/b", "../x", ".GIT "])
    func `a name that leads outside is refused, whoever stored it`(name: String) async throws {
        try await Scratch.with { scratch in
            let blob = try await scratch.object("echo x | git -C ../server.git hash-object -w --stdin")
            try await refuse(Array("100644 \(name)\0".utf8) + blob.bytes, scratch)
            let folder = try await scratch.object(
                "git -C ../server.git hash-object -t tree -w --stdin", input: Array("100644 x\0".utf8) + blob.bytes)
            try await refuse(Array("40000 \(name)\0".utf8) + folder.bytes, scratch)
        }
    }

    @Test func `a link cannot be used as a folder`() async throws {
        try await Scratch.with { scratch in
            let outside = try await scratch.object(
                "git -C ../server.git hash-object -w --stdin", input: Array(scratch.path.utf8))
            let folder = try await scratch.object(
                "git -C ../server.git hash-object -t tree -w --stdin",
                input: Array("100644 pwned\0".utf8) + outside.bytes)
            let link = Array("120000 a\0".utf8) + outside.bytes
            try await refuse(link + Array("40000 a\0".utf8) + folder.bytes, scratch)
            try await refuse(link + Array("100644 a\0".utf8) + outside.bytes, scratch)
        }
    }

    @Test func `a missing object, a wrong kind and a folder in use are refused`() async throws {
        try await Scratch.with { scratch in
            let missing = [UInt8](repeating: 0x11, count: 20)
            try await refuse(Array("100644 a\0".utf8) + missing, scratch)
            try await refuse(Array("40000 a\0".utf8) + missing, scratch)
            let blob = try await scratch.object("echo x | git -C ../server.git hash-object -w --stdin")
            try await refuse(Array("40000 a\0".utf8) + blob.bytes, scratch)
            let target = scratch.path
            try await scratch.client("git commit -qm x --allow-empty; git push -q ../server.git main")
            let tip = try await scratch.id("main")
            await #expect(throws: GitError.self) {
                try await Repository.withRepository(at: scratch.server) { try $0.exportTree(of: tip, to: target) }
            }
        }
    }

    @Test func `limits hold`() async throws {
        try await Scratch.with { scratch in
            try await scratch.client(
                """
                mkdir -p a/b; echo 12345 > a/b/c; git add .; git commit -qm x; git push -q ../server.git main
                """)
            let tip = try await scratch.id("main")
            let changes: [@Sendable (inout ExportLimits) -> Void] = [
                { $0.bytes = 5 }, { $0.entries = 2 }, { $0.depth = 2 },
                {
                    $0.bytes = 6; $0.entries = 3; $0.depth = 3
                },
            ]
            for (index, change) in changes.enumerated() {
                var limits = ExportLimits()
                change(&limits)
                let export = try? await Repository.withRepository(at: scratch.server) { [limits] in
                    try $0.exportTree(of: tip, to: "\(scratch.path)/export\(index)", limits: limits)
                }
                #expect((export != nil) == (index == 3))
            }
        }
    }

    /// Expects the export of a commit with the root folder `tree` to fail and to write nothing beside its folder.
    private func refuse(
        _ tree: [UInt8], _ scratch: Scratch, at location: SourceLocation = #_sourceLocation
    ) async throws {
        let tip = try await scratch.object(
            """
            cd ../server.git; tree=$(git hash-object -t tree --literally -w --stdin); git commit-tree -m x $tree
            """, input: tree)
        await #expect(throws: GitError.self, sourceLocation: location) {
            try await Repository.withRepository(at: scratch.server) {
                try $0.exportTree(of: tip, to: "\(scratch.path)/export")
            }
        }
        let left = try await shell("rm -rf export; ls -A", in: scratch.path).text
        #expect(left == "client\nserver.git", sourceLocation: location)
    }
}
