import Foundation
import Glibc
import TestKit
import Testing

extension EndToEnd {
    @Suite(.enabled(if: Requirement.docker, "needs Docker: see etc/start-docker")) struct HookTests {
        private func write(_ hook: String, _ text: String, on server: TestServer) throws {
            let path = "\(server.data)/hooks/\(hook)"
            try Data("#!/bin/sh\n\(text)\n".utf8).write(to: URL(filePath: path))
            chmod(path, 0o755)
        }

        @Test func `a hook that comes with Martlet is enabled on the machine and refuses a push`() async throws {
            try await TestServer.with { server in
                let enabled = try await server.local("hooks", "enable", "refuse-secrets")
                #expect(enabled.output.contains("\(server.data)/hooks/pre-receive.d/50-refuse-secrets"), "\(enabled)")
                #expect(enabled.output.contains("allowPath"))
                #expect(try await server.local("hooks", "list").output.contains("pre-receive.d/50-refuse-secrets"))
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                try await clone.write("settings", "key = AKIA\("ABCDEFGHIJKLMN23")\n")
                let push = try await clone.push()
                #expect(push.errors.contains("settings:1: an AWS access key ID"), "\(push)")
                #expect(push.errors.contains("main -> main (pre-receive hook declined)"))
                #expect(try await server.local("hooks", "disable", "refuse-secrets").status == 0)
                #expect(try await clone.push().status == 0)
            }
        }

        @Test func `pre-build declines a deployment, post-deploy is told of one, both on the push`() async throws {
            try await TestServer.with { server in
                try write("pre-build.d/10-no", "echo \"not $MARTLET_BRANCH of $MARTLET_APP\"; exit 1", on: server)
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                let refused = try await clone.push()
                #expect(refused.errors.contains("not main of shop"), "\(refused)")
                #expect(refused.errors.contains("main -> main (pre-build hook declined)"))
                #expect(try await server.containers().isEmpty)
                try write("pre-build.d/10-no", "git cat-file -e $MARTLET_COMMIT", on: server)
                try write(
                    "post-deploy.d/10-tell",
                    "echo \"$MARTLET_USER made $MARTLET_RELEASE from build $MARTLET_BUILD: $(git rev-parse main)\"; exit 1",
                    on: server)
                let push = try await clone.push()
                #expect(push.status == 0, "\(push)")
                #expect(push.errors.contains("alice made v1 from build 2: \(try await clone.head())"))
                #expect(push.errors.contains("a post-deploy hook failed; v1 serves all the same"))
            }
        }

        @Test func `who leaves while pre-receive runs ends it, and who detaches is still heard of`() async throws {
            try await TestServer.with { server in
                try write("pre-receive.d/10-slow", "echo $$ > leader; echo waiting; exec sleep 1000", on: server)
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                let push = try clone.startPush()
                try await push.prints("waiting")
                let repository = try await server.repository(of: "shop")
                let leader = try String(contentsOfFile: "\(repository)/leader", encoding: .utf8).dropLast()
                push.signalGroup(SIGKILL)
                try await eventually("the hook is gone") { !FileManager.default.fileExists(atPath: "/proc/\(leader)") }
                try await eventually("nothing of the push is left") { try await server.leftovers(in: "shop").isEmpty }
                try FileManager.default.removeItem(atPath: "\(server.data)/hooks/pre-receive.d/10-slow")
                try write("pre-build.d/10-slow", "until [ -e go ]; do sleep 0.05; done", on: server)
                try write("post-receive.d/10-note", "cat > received", on: server)
                let detached = try clone.startPush("-o", "detach")
                try await detached.prints("Detached")
                detached.signalGroup(SIGKILL)
                _ = try await detached.result()
                #expect(FileManager.default.createFile(atPath: "\(repository)/go", contents: nil))
                let head = try await clone.head()
                try await eventually(within: .seconds(60), "post-receive is told") {
                    (try? String(contentsOfFile: "\(repository)/received", encoding: .utf8))
                        == "\(String(repeating: "0", count: 40)) \(head) refs/heads/main\n"
                }
            }
        }
    }
}
