import Foundation
import TestKit
import Testing

extension EndToEnd {
    /// Git in both directions, on branches that deploy nothing.
    @Suite struct GitOverSSHTests {
        /// An app with the branches `one` and `two`, a commit apart, and a tag.
        private static func pushed(_ server: TestServer) async throws -> TestClone {
            #expect(try await server.ssh("apps create shop").status == 0)
            #expect(try await server.ssh("apps set shop --deploy-branch live").status == 0)
            let clone = try await TestClone(server, app: "shop", sample: "hello")
            try await clone.git("branch", "one")
            try await clone.write("more", "more\n")
            try await clone.git("branch", "two")
            try await clone.git("tag", "-a", "-m", "first", "v1", "one")
            let push = try await clone.push("martlet", "one", "two", "v1")
            #expect(push.status == 0, "\(push)")
            return clone
        }

        private static func url(_ server: TestServer, _ app: String = "shop") -> String {
            "ssh://git@127.0.0.1:\(server.sshPort)/\(app)"
        }

        @Test(arguments: [0, 1, 2])
        func `what was pushed is cloned, fetched and listed`(version: Int) async throws {
            try await TestServer.with { server in
                let clone = try await Self.pushed(server)
                let use = "protocol.version=\(version)"
                let list = try await clone.git("-c", use, "ls-remote", "martlet").output
                let head = try await clone.head()
                #expect(list.contains("\(head)\trefs/heads/two"))
                #expect(list.contains("refs/tags/v1^{}"))
                try await clone.git("-c", use, "clone", "-q", "-b", "two", Self.url(server), "copy")
                #expect(try await clone.git("-C", "copy", "rev-parse", "HEAD", "v1^{}").output.hasPrefix(head))
                try await clone.write("third", "third\n")
                #expect(try await clone.push("martlet", "HEAD:two").status == 0)
                try await clone.git("-c", use, "-C", "copy", "pull", "-q")
                #expect(try await clone.git("-C", "copy", "rev-parse", "HEAD").output.hasPrefix(clone.head()))
                try await clone.git("-C", "copy", "fsck", "--full", "--strict")
            }
        }

        @Test func `a clone of depth 1 is pushed from and made whole`() async throws {
            try await TestServer.with { server in
                let clone = try await Self.pushed(server)
                try await clone.git("clone", "-q", "--depth", "1", "-b", "two", Self.url(server), "ci")
                #expect(try await clone.git("-C", "ci", "rev-list", "--count", "HEAD").output == "1\n")
                try await clone.git("-C", "ci", "commit", "-q", "--allow-empty", "-m", "by ci")
                try await clone.git("-C", "ci", "push", "-q", "origin", "HEAD:refs/heads/three")
                try await clone.git("-C", "ci", "fetch", "-q", "--unshallow")
                #expect(try await clone.git("-C", "ci", "rev-list", "--count", "HEAD").output == "3\n")
                let repository = try await server.repository(of: "shop")
                try await clone.git("-C", repository, "fsck", "--full", "--strict")
            }
        }

        @Test func `history that ends where only the client knows is refused`() async throws {
            try await TestServer.with { server in
                let clone = try await Self.pushed(server)
                let other = try await TestClone(server, app: "shop", sample: "crashes")
                try await other.write("more", "more\n")
                try await clone.git("clone", "-q", "--depth", "1", "file://\(other.path)", "ci")
                try await clone.git("-C", "ci", "remote", "add", "martlet", Self.url(server))
                let push = try await clone.run("git", "-C", "ci", "push", "martlet", "HEAD:refs/heads/three")
                #expect(
                    push.errors.contains("! [remote rejected] HEAD -> three (shallow update not allowed)"), "\(push)")
                #expect(try await server.leftovers(in: "shop") == [])
            }
        }

        @Test func `who may see an app may fetch it, and nobody else`() async throws {
            try await TestServer.with { server in
                let clone = try await Self.pushed(server)
                try await server.addUser("bob")
                try await server.addUser("carol")
                #expect(try await server.ssh("access grant shop bob viewer").status == 0)
                let bob = try await TestClone(server, app: "shop", as: "bob")
                try await bob.git("fetch", "-q", "martlet", "two")
                #expect(try await bob.git("rev-parse", "FETCH_HEAD").output.hasPrefix(clone.head()))
                let carol = try await TestClone(server, app: "shop", as: "carol")
                let fetch = try await carol.run("git", "fetch", "martlet")
                let nothing = try await TestClone(server, app: "none", as: "carol").run("git", "fetch", "martlet")
                #expect(fetch.status == 128)
                #expect(
                    fetch.errors.replacing("shop", with: "none") == nothing.errors,
                    "what is somebody else's reads like what does not exist")
            }
        }

        @Test func `hidden references are neither shown nor given`() async throws {
            try await TestServer.with { server in
                let clone = try await Self.pushed(server)
                let repository = try await server.repository(of: "shop")
                let secret = try await clone.git("-C", repository, "commit-tree", "-m", "secret", "two^{tree}").output
                    .trimmingCharacters(in: .newlines)
                try await clone.git("-C", repository, "update-ref", "refs/martlet/releases/v9", secret)
                for version in 0...2 {
                    let use = "protocol.version=\(version)"
                    #expect(try await !clone.git("-c", use, "ls-remote", "martlet").output.contains("martlet/"))
                    let fetch = try await clone.run("git", "-c", use, "fetch", "martlet", secret)
                    #expect(fetch.status != 0)
                }
            }
        }

        @Test func `a repository is verified on the machine`() async throws {
            try await TestServer.with { server in
                _ = try await Self.pushed(server)
                let sound = try await server.local("repositories", "check", "shop")
                #expect(sound.output == "shop: sound\n" && sound.status == 0, "\(sound)")
                let repository = try await server.repository(of: "shop")
                let folder = "\(repository)/objects/pack"
                let pack = try #require(
                    FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasSuffix(".pack") })
                var bytes = try Data(contentsOf: URL(filePath: "\(folder)/\(pack)"))
                bytes[bytes.count / 2] ^= 1
                try FileManager.default.removeItem(atPath: "\(folder)/\(pack)")
                try bytes.write(to: URL(filePath: "\(folder)/\(pack)"))
                let damaged = try await server.local("repositories", "check")
                #expect(damaged.status == 1)
                #expect(damaged.output.contains("shop: corrupt pack 'objects/pack/\(pack)'"), "\(damaged)")
                #expect(try await server.local("repositories", "check", "none").status == 1)
            }
        }

        @Test func `a push that is too large hears why while it is still sending`() async throws {
            try await TestServer.with(["MARTLET_PACK_MIB": "1"]) { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                try await clone.git("branch", "one")
                let bytes = (0..<(24 << 17)).map { _ in UInt64.random(in: .min ... .max) }
                try bytes.withUnsafeBytes { try Data($0).write(to: URL(filePath: "\(clone.path)/large")) }
                try await clone.write("more", "more\n")
                let push = try await clone.push("martlet", "HEAD:refs/heads/two", "one")
                #expect(push.status == 1)
                #expect(push.errors.contains("pack exceeds maximum allowed size"), "\(push)")
                #expect(push.errors.contains("! [remote rejected] HEAD -> two (unpacker error)"), "\(push)")
                #expect(try await server.leftovers(in: "shop") == [])
            }
        }
    }
}
