import Foundation
import TestKit
import Testing

extension EndToEnd {
    @Suite(.enabled(if: Requirement.docker, "needs Docker: see etc/start-docker")) struct CommandTests {
        @Test func `a session without a command greets, and one that asks for anything else is refused`() async throws {
            try await TestServer.with { server in
                let greeting = try await Command(server.sshWords(as: "alice", "-T") + ["git@127.0.0.1"]).run()
                #expect(greeting.output.hasPrefix("Hi alice!"))
                #expect(greeting.status == 0)
                #expect(try await server.ssh("whoami").output == "alice (admin)\n")
                let other = try await Command(server.sshWords(as: "alice") + ["root@127.0.0.1", "whoami"]).run()
                #expect(other.errors.contains("Permission denied (publickey)"))
                let fetch = try await server.ssh("git-upload-pack 'shop'")
                #expect(fetch.output.contains("ERR no app named 'shop'"))
                #expect(
                    try await server.ssh("git-lfs-authenticate shop upload").errors.contains("is not supported here"))
            }
        }

        @Test func `users, keys and access are managed over ssh`() async throws {
            try await TestServer.with { server in
                try await server.addUser("bob")
                #expect(try await server.ssh("users list --json").output.contains("\"name\" : \"bob\""))
                #expect(try await server.ssh("users list", as: "bob").errors.contains("only an admin may do this"))
                #expect(try await server.ssh("apps create shop").output == "created app 'shop'\n")
                let unknown = try await server.ssh("apps info nothing", as: "bob")
                let forbidden = try await server.ssh("apps info shop", as: "bob")
                #expect(unknown.errors == forbidden.errors.replacingOccurrences(of: "shop", with: "nothing"))
                #expect(forbidden.status == 1)
                #expect(try await server.ssh("access grant shop bob viewer").status == 0)
                #expect(try await server.ssh("access grant shop alice viewer").errors.contains("owns app 'shop'"))
                #expect(try await server.ssh("apps:list", as: "bob").output.contains("shop"))
                let clone = try await TestClone(server, app: "shop", as: "bob", sample: "hello")
                #expect(try await clone.push().errors.contains("it needs the role deployer, yours is viewer"))
                #expect(try await server.ssh("access revoke shop bob").status == 0)
                #expect(try await clone.push().errors.contains("no app named 'shop'"))
                #expect(try await server.ssh("users remove bob").status == 0)
                #expect(try await server.ssh("whoami", as: "bob").errors.contains("Permission denied"))
            }
        }

        @Test func `what cannot be done is refused with its own words and exit status`() async throws {
            try await TestServer.with { server in
                try await server.addUser("bob")
                let key = try String(contentsOfFile: "\(server.key(of: "bob")).pub", encoding: .utf8)
                for (command, input, status, words) in [
                    ("users add bob", "", 1, "cannot add user 'bob': the name is taken"),
                    ("users add Bob!", "", 2, "is not a user name"),
                    ("users add", "", 2, "Missing expected argument '<name>'"),
                    ("users remove nobody", "", 1, "no user named 'nobody'"),
                    ("users remove alice", "", 1, "nobody else is an admin"),
                    ("keys add", key, 1, "it is registered already"),
                    ("keys add", "ssh-ed25519 AAAA", 2, "it was cut short"),
                    ("keys add --name x nonsense", "", 2, "is not a key type"),
                    ("keys remove nothing", "", 1, "no key 'nothing'"),
                    ("apps create 9lives", "", 2, "is not an app name"),
                    ("apps destroy nothing --confirm nothing", "", 1, "no app named 'nothing'"),
                    ("builds log nothing", "", 1, "no app named 'nothing'"),
                    ("frobnicate", "", 2, "frobnicate"),
                    ("users add carol --key /etc/passwd", "", 2, "cannot be read over ssh"),
                    ("apps info 'unbalanced", "", 2, "quote"),
                ] as [(String, String, Int32, String)] {
                    let result = try await server.ssh(command, input: input)
                    #expect(result.status == status, "\(command): \(result)")
                    #expect(result.errors.contains(words), "\(command): \(result)")
                }
                #expect(try await server.ssh("help").output.contains("USAGE: martlet"))
                #expect(try await server.ssh("help users add").output.contains("Add a user"))
                #expect(try await server.ssh("version").output == "martlet 0.1.0\n")
            }
        }

        @Test func `a destroyed app leaves nothing`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                #expect(try await clone.push().status == 0)
                let repository = try await server.repository(of: "shop")
                #expect(try await server.ssh("apps destroy shop").errors.contains("--confirm shop"))
                #expect(try await server.ssh("apps destroy shop --confirm shop").status == 0)
                try await eventually("container and repository are gone") {
                    try await server.containers().isEmpty && !FileManager.default.fileExists(atPath: repository)
                }
                try await eventually("nothing is routed") { try await server.page("shop").output.hasSuffix("\n404") }
            }
        }

        @Test func `git's own client pushes over stdio to the same engine`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "unused", sample: "hello")
                let bare = "\(server.scratch.path)/bare.git"
                try await clone.git("init", "-q", "--bare", bare)
                let push = try await clone.push(
                    "--receive-pack=\(TestServer.program) serve-stdio receive-pack", bare, "main", "martlet-marker:x")
                #expect(push.status != 0)
                try await clone.git(
                    "push", "--receive-pack=\(TestServer.program) serve-stdio receive-pack", bare, "main", "main:copy")
                let check = try await Command(["git", "-C", bare, "fsck", "--full", "--strict"]).run()
                #expect(check.status == 0, "\(check)")
                #expect(
                    try await Command(["git", "-C", bare, "rev-parse", "copy"]).run().output == clone.head() + "\n")
            }
        }

        @Test func `a database server that is named is used in place of a private one`() async throws {
            try await TestServer.with { server in
                let data = "\(server.scratch.path)/other"
                let users = try await Command(
                    [TestServer.program, "users", "list"],
                    environment: [
                        "MARTLET_DATA": data, "MARTLET_CONFIG": "/dev/null",
                        "MARTLET_DATABASE_URL": "postgresql://martlet@/martlet?host=\(server.data)/postgres/run",
                    ]
                ).run()
                #expect(users.output.contains("alice"), "\(users)")
                #expect(!FileManager.default.fileExists(atPath: "\(data)/postgres"))
                let nobody = try await Command(
                    [TestServer.program, "users", "list"],
                    environment: [
                        "MARTLET_DATA": data, "MARTLET_CONFIG": "/dev/null",
                        "MARTLET_DATABASE_URL": "postgresql://martlet@/martlet?host=\(data)",
                    ]
                ).run()
                #expect(nobody.status == 1)
                #expect(nobody.errors.contains("connect to the database"), "\(nobody)")
            }
        }

        @Test func `a second daemon, a taken port and a malformed setting each say what to do`() async throws {
            try await TestServer.with { server in
                #expect(try await server.local("serve").errors.contains("another martlet serves"))
                let taken = try await Command(
                    [TestServer.program, "serve"],
                    environment: [
                        "MARTLET_DATA": "\(server.scratch.path)/other", "MARTLET_SSH_PORT": "\(server.sshPort)",
                        "MARTLET_CONFIG": "/dev/null",
                    ]
                ).run()
                #expect(taken.errors.contains("MARTLET_SSH_PORT"), "\(taken)")
                let malformed = try await Command(
                    [TestServer.program, "serve"], environment: ["MARTLET_SSH_PORT": "22x", "MARTLET_SHH_PORT": "1"]
                ).run()
                #expect(malformed.status == 78)
                #expect(malformed.errors.contains("MARTLET_SSH_PORT: '22x' is not a port (0-65535)"))
                #expect(malformed.errors.contains("MARTLET_SHH_PORT: there is no such setting"))
            }
        }
    }
}
