import Foundation
import Glibc
import TestKit
import Testing

extension EndToEnd {
    @Suite(.enabled(if: Requirement.docker, "needs Docker: see etc/start-docker")) struct ConfigTests {
        private static let secret = "s3cret-value"

        /// What the database holds of values, as text.
        private func stored(_ server: TestServer) async throws -> String {
            try await server.sql("select string_agg(encode(value, 'escape'), ' ' order by name) from config_vars")
        }

        @Test func `values are set over ssh, hidden in lists, and nowhere to be found as they are`() async throws {
            try await TestServer.with(["MARTLET_LOG_LEVEL": "trace"]) { server in
                _ = try await server.ssh("apps create shop")
                let set = try await server.ssh("config set shop TOKEN=\(Self.secret) GREETING='hello there'")
                #expect(set.output == "set GREETING TOKEN\n", "\(set)")
                #expect(set.errors == "the first deploy uses this\n")
                let multiline = try await server.ssh("config set shop CERT - --build", input: "\(Self.secret)\nb\n")
                #expect(multiline.status == 0, "\(multiline)")
                #expect(try await server.ssh("config get shop CERT").output == "\(Self.secret)\nb\n")
                #expect(try await server.ssh("config:get shop GREETING").output == "hello there\n")

                let list = try await server.ssh("config list shop")
                #expect(list.output.contains("TOKEN") && list.output.contains("alice"), "\(list)")
                #expect(!list.output.contains(Self.secret))
                #expect(try await !server.ssh("config list shop --json").output.contains("\"value\""))
                let json = try await server.ssh("config list shop --json --reveal").output
                #expect(json.contains("\"value\" : \"\(Self.secret)\\nb\""), "\(json)")
                #expect(json.contains("\"scope\" : \"build\""))

                let file = "# dotenv\nexport A='x y'\nKEY=\"two\nlines\" # end\n"
                #expect(try await server.ssh("config import shop", input: file).output == "set A KEY\n")
                #expect(try await server.ssh("config get shop KEY").output == "two\nlines\n")
                let broken = try await server.ssh("config import shop", input: "B=1\n\(Self.secret)\n")
                #expect(broken.status == 2 && broken.errors == " !     line 2: this is not NAME=VALUE\n")
                #expect(try await server.ssh("config unset shop A B").errors.contains("no variable 'B'"))
                #expect(try await server.ssh("config unset shop A KEY").output == "unset A KEY\n")

                #expect(try await !stored(server).contains("s3cret"))
                let events = try await server.sql(
                    "select string_agg(action || ' ' || object, ',' order by id) from events")
                #expect(events.contains("config.set shop GREETING TOKEN") && !events.contains("s3cret"), "\(events)")
                #expect(await !server.log().contains("s3cret"))
                let log = try String(contentsOfFile: "\(server.data)/postgres/log", encoding: .utf8)
                #expect(!log.contains("s3cret"))
            }
        }

        @Test func `viewers see names, deployers values, and strangers nothing`() async throws {
            try await TestServer.with { server in
                try await server.addUser("bob")
                _ = try await server.ssh("apps create shop")
                _ = try await server.ssh("config set shop TOKEN=\(Self.secret)")
                #expect(try await server.ssh("config list shop", as: "bob").errors.contains("no app named 'shop'"))
                _ = try await server.ssh("access grant shop bob viewer")
                #expect(try await server.ssh("config list shop", as: "bob").output.contains("TOKEN"))
                for command in [
                    "config list shop --reveal", "config get shop TOKEN", "config set shop A=1",
                    "config unset shop TOKEN",
                    "config import shop", "builds set shop method=command",
                ] {
                    let refused = try await server.ssh(command, as: "bob")
                    #expect(refused.status == 1 && refused.errors.contains("it needs the role deployer"), "\(refused)")
                    #expect(!(refused.output + refused.errors).contains("s3cret"))
                }
                _ = try await server.ssh("access grant shop bob deployer")
                #expect(try await server.ssh("config list shop --reveal", as: "bob").output.contains(Self.secret))
                #expect(try await server.ssh("config set shop A=1", as: "bob").status == 0)
                for (command, words) in [
                    ("config set shop PORT=80", "'PORT' cannot be set"),
                    ("config set shop 9A=1", "not a variable's name"),
                    ("config set shop A=two words", "word 2 is not NAME=VALUE"),
                    ("config get shop NOTHING", "no variable 'NOTHING'"), ("doctor", "only an admin"),
                    ("secrets rotate", "on the machine itself"),
                ] {
                    let refused = try await server.ssh(command, as: "bob")
                    #expect(refused.status != 0 && refused.errors.contains(words), "\(refused)")
                }
            }
        }

        @Test func `a running daemon takes the key that a rotation makes, and says which key is lost`() async throws {
            try await TestServer.with { server in
                _ = try await server.ssh("apps create shop")
                _ = try await server.ssh("config set shop TOKEN=\(Self.secret) OTHER=2")
                let before = try await stored(server)
                let path = "\(server.data)/keys/secrets"
                let old = try String(contentsOfFile: path, encoding: .utf8)
                let rotated = try await server.local("secrets", "rotate")
                #expect(rotated.output.hasPrefix("2 values are encrypted with key "), "\(rotated)")
                #expect(try await stored(server) != before)
                #expect(try await server.ssh("config get shop TOKEN").output == "\(Self.secret)\n")
                #expect(try await server.ssh("config set shop TOKEN=new").status == 0)
                #expect(try await server.local("secrets", "rotate").status == 0)
                let new = try String(contentsOfFile: path, encoding: .utf8)
                #expect(!new.contains(old))
                #expect(try await server.ssh("config get shop TOKEN").output == "new\n")

                try old.write(toFile: path, atomically: false, encoding: .utf8)
                let lost = try await server.ssh("config get shop TOKEN")
                #expect(
                    lost.status == 70 && lost.errors.contains("cannot open the variable 'TOKEN': its key '"), "\(lost)")
                #expect(try await server.ssh("doctor").output.contains("values cannot be decrypted: 2 need key"))
                unlink(path)
                #expect(try await server.ssh("config set shop A=1").errors.contains("is gone, and the database holds"))
                try new.write(toFile: path, atomically: false, encoding: .utf8)
                #expect(try await server.ssh("config get shop TOKEN").errors.contains("others may read it"))
                chmod(path, 0o600)
                #expect(try await server.ssh("config get shop TOKEN").output == "new\n")
            }
        }

        @Test func `build settings are stored by words or as a file, and cleared`() async throws {
            try await TestServer.with { server in
                _ = try await server.ssh("apps create shop")
                #expect(try await server.ssh("builds settings shop").errors.contains("no settings"))
                let set = try await server.ssh(
                    "builds set shop method=command base=martlet/busybox \"start='httpd -f'\"")
                #expect(set.status == 0, "\(set)")
                #expect(try await server.ssh("builds settings shop").output.contains("  base: \"martlet/busybox\"\n"))
                let file = "build:\n  method: dockerfile\n"
                #expect(try await server.ssh("builds set shop", input: file).status == 0)
                #expect(try await server.ssh("builds settings shop").output == file)
                #expect(try await server.ssh("builds set shop", input: " \n").status == 2)
                #expect(try await server.ssh("builds set shop --clear").status == 0)
                #expect(try await server.ssh("builds settings shop").output.isEmpty)
            }
        }

        @Test func `the doctor works with a daemon, and without anything`() async throws {
            try await TestServer.with { server in
                let report = try await server.ssh("doctor --json").output
                struct Entry: Decodable {
                    let name: String
                    let state: String
                }
                let entries = try JSONDecoder().decode([Entry].self, from: Data(report.utf8))
                for name in ["daemon", "ssh port", "http port", "database", "database schema", "docker engine", "keys"]
                {
                    #expect(entries.contains { $0.name == name && $0.state == "ok" }, "\(name): \(report)")
                }
                #expect(entries.contains { $0.name == "docker restarts" })
                let nowhere = [
                    "MARTLET_DATA": "\(server.scratch.path)/nowhere", "MARTLET_CONFIG": "/dev/null",
                    "MARTLET_DOCKER_SOCKET": "\(server.scratch.path)/no.sock",
                    "MARTLET_SSH_PORT": "\(try Scratch.freePort())", "MARTLET_HTTP_PORT": "\(try Scratch.freePort())",
                ]
                let alone = try await Command([TestServer.program, "doctor"], environment: nowhere).run()
                #expect(alone.status == 1, "\(alone)")
                #expect(alone.output.contains("problem  database"), "\(alone)")
                #expect(alone.output.contains("problem  docker engine"), "\(alone)")
                #expect(alone.output.contains("warning  daemon"), "\(alone)")
                #expect(alone.errors.contains("checks found a problem"))
                #expect(!FileManager.default.fileExists(atPath: "\(server.scratch.path)/nowhere"))
            }
        }
    }
}
