import Foundation
import Glibc
import TestKit
import Testing

extension EndToEnd {
    /// Builds that take what they can get: each is contained, says so, and the next push works.
    @Suite(.enabled(if: Requirement.docker, "needs Docker: see etc/start-docker")) struct HostileBuildTests {
        /// Pushes an app whose build does `step`, which must fail, and then one that is fine.
        private func refuse(
            _ step: String, _ settings: [String: String] = [:], saying part: String,
            _ check: (TestServer) async throws -> Void = { _ in }
        ) async throws {
            try await TestServer.with(settings) { server in
                let clone = try await TestClone(server, app: "shop")
                try await clone.write("Dockerfile", "FROM martlet/busybox\nRUN echo \(UUID())\nRUN \(step)\n")
                let push = try await clone.push()
                #expect(push.status == 1)
                #expect(push.errors.contains(part), "\(push)")
                try await check(server)
                try await clone.use("hello")
                let next = try await clone.push()
                #expect(next.status == 0, "\(next)")
            }
        }

        @Test func `one that takes all memory is killed, and told`() async throws {
            try await refuse(
                "set -o pipefail; head -c 300m /dev/zero | tail | wc -c", ["MARTLET_BUILD_MEMORY_MIB": "64"],
                saying: "it used more memory than its 64 MiB")
        }

        @Test func `one that starts processes without end gets no more of them`() async throws {
            try await refuse(
                "(i=0; while [ $i -lt 300 ]; do sleep 1 & i=$((i+1)); done); while kill -0 -1 2>/dev/null; do :; done; exit 4",
                ["MARTLET_BUILD_PROCESSES": "100", "MARTLET_BUILDS": "1"],
                saying: "it wanted more processes than its 100"
            ) { server in
                let answer = try await server.ssh("whoami")
                #expect(answer.status == 0)
            }
        }

        @Test func `one that fills the disk is stopped, and what it wrote is gone`() async throws {
            try await refuse(
                "dd if=/dev/zero of=/big bs=1M count=1500 2>/dev/null; sleep 20", ["MARTLET_BUILD_DISK_MIB": "300"],
                saying: "it took more than the")
        }

        @Test func `below the floor of free disk no build begins`() async throws {
            try await TestServer.with(["MARTLET_FREE_DISK_MIB": "1048576"]) { server in
                let push = try await TestClone(server, app: "shop", sample: "hello").push()
                #expect(push.status == 1)
                #expect(push.errors.contains("build refused: only"), "\(push)")
            }
        }

        @Test func `one that takes too long is stopped, though it ignores signals`() async throws {
            try await refuse(
                "trap '' TERM INT HUP; while :; do sleep 1; done", ["MARTLET_BUILD_SECONDS": "3"],
                saying: "took longer than 3 s")
        }

        @Test func `one that ignores signals ends within 5 s when it is cancelled`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop")
                try await clone.write(
                    "Dockerfile",
                    "FROM martlet/busybox\nRUN echo \(UUID()); trap '' TERM INT HUP; while :; do sleep 1; done\n")
                let push = try clone.startPush()
                try await push.prints("RUN echo")
                let began = ContinuousClock.now
                #expect(try await server.ssh("builds cancel shop").errors.contains("cancelled"))
                #expect(ContinuousClock.now - began < .seconds(5))
                #expect(try await push.result().status == 1)
            }
        }

        @Test func `one that prints without end has its log cut, and its neighbour does not wait`() async throws {
            try await TestServer.with(["MARTLET_BUILD_LOG_MIB": "1", "MARTLET_BUILD_SECONDS": "15"]) { server in
                let noisy = try await TestClone(server, app: "noisy")
                try await noisy.write("martlet.yaml", "build: {buildpacks: [./noise]}\n")
                try await Self.addBuildpack(to: noisy, build: "yes 'a line of noise, one of very many'")
                let push = try noisy.startPush()
                try await push.prints("a line of noise", within: .seconds(60))
                let quiet = try await TestClone(server, app: "quiet", sample: "hello").push()
                #expect(quiet.status == 0, "\(quiet)")
                let result = try await push.result()
                #expect(result.status == 1)
                #expect(result.errors.contains("the log is longer than 1 MiB"), "\(String(result.errors.suffix(500)))")
                #expect(result.errors.contains("took longer than 15 s"))
                #expect(result.errors.utf8.count < 5 << 20)
            }
        }

        @Test func `one that knocks at the machine's own services is turned away`() async throws {
            let isRoot = geteuid() == 0
            try #require(isRoot, "rules for packets need root")
            try await TestServer.with(["MARTLET_SSH_HOST": "0.0.0.0"]) { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                try await clone.write(
                    "Dockerfile",
                    """
                    FROM martlet/busybox
                    COPY index.html /www/
                    RUN host=$(route -n | awk '$1 == "0.0.0.0" { print $2 }'); \\
                        if nc -w 3 $host \(server.sshPort) < /dev/null | grep SSH; then exit 9; fi; echo kept out of $host
                    RUN test ! -e \(server.data) && test ! -e /var/run/docker.sock
                    EXPOSE 5000
                    CMD ["httpd", "-f", "-p", "5000", "-h", "/www"]

                    """)
                let push = try await clone.push()
                #expect(push.status == 0, "\(push)")
                #expect(push.errors.contains("kept out of 1"), "\(push)")
            }
        }

        @Test func `killed while buildpacks run, the server takes their container away when it is back`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop")
                try await clone.write("martlet.yaml", "build: {buildpacks: [./noise]}\n")
                try await Self.addBuildpack(to: clone, build: "echo sleeping; sleep 300")
                let push = try clone.startPush()
                try await push.prints("sleeping", within: .seconds(60))
                #expect(try await server.containers().count == 1)
                try await server.crashAndRestart()
                _ = try await push.result()
                #expect(try await server.containers() == [])
                #expect(try await server.sql("select status from builds") == "failed")
                #expect(try FileManager.default.contentsOfDirectory(atPath: "\(server.data)/contexts/server") == [])
            }
        }

        private static func addBuildpack(to clone: TestClone, build: String) async throws {
            let folder = "\(clone.path)/noise/bin"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for (name, text) in [
                (
                    "../buildpack.toml",
                    "api = \"0.10\"\n[buildpack]\nid = \"test/noise\"\nversion = \"1\"\n[[targets]]\nos = \"linux\"\n"
                ),
                ("detect", "#!/bin/sh\nexit 0\n"), ("build", "#!/bin/sh\n\(build)\n"),
            ] {
                let path = "\(folder)/\(name)"
                try Data(text.utf8).write(to: URL(filePath: path))
                chmod(path, 0o755)
            }
            try await clone.write("README", "an app with a buildpack of its own\n")
        }
    }
}
