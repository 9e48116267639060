import Foundation
import Glibc
import TestKit
import Testing

extension EndToEnd {
    @Suite(.enabled(if: Requirement.docker, "needs Docker: see etc/start-docker")) struct GarbageTests {
        @Test func `what is too old goes, and what runs and the release before it stay`() async throws {
            try await TestServer.with(["MARTLET_KEEP_RELEASES": "1"]) { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                for page in ["one", "two", "three"] {
                    try await clone.write("index.html", "\(page) \(server.httpPort)\n")
                    #expect(try await clone.push().status == 0)
                }
                let running = try await server.containers()
                // It does so by itself; what drained then is seen to by the next round, which is here.
                try await eventually("only v3 runs") {
                    try await server.sql("select count(*) from processes where state <> 'stopped'") == "1"
                }
                let dry = try await server.ssh("gc shop --dry-run --explain")
                #expect(dry.output.contains("v3 is live"), "\(dry)")
                #expect(dry.output.contains("v2 may be rolled back to"), "\(dry)")
                let wet = try await server.ssh("gc --explain")
                #expect(wet.status == 0, "\(wet)")
                #expect(try await server.images() == ["build-2", "build-3"])
                #expect(try await server.reference("refs/martlet/releases/v1", of: "shop") == "")
                #expect(try await server.reference("refs/martlet/releases/v2", of: "shop") != "")
                #expect(try await server.containers().allSatisfy(running.contains))
                #expect(try await server.page("shop").output == "three \(server.httpPort)\n\n200")

                #expect(try await server.ssh("releases list shop").output.contains("retired, removed"))
                let refused = try await server.ssh("rollback shop v1")
                #expect(refused.status != 0)
                #expect(refused.errors.contains("what v1 was built as has been removed"), "\(refused)")
                #expect(try await server.ssh("rollback shop").status == 0)
                #expect(try await server.page("shop").output == "two \(server.httpPort)\n\n200")
                try await server.checkRepository(of: "shop")
            }
        }

        @Test func `what differs is told over SSH and on the machine, and nothing is changed`() async throws {
            try await TestServer.with { server in
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                #expect(try await clone.push().status == 0)
                #expect(try await server.ssh("drift").status == 0)
                await server.signal(SIGKILL)
                _ = try await server.ended()
                #expect(try await server.local("drift").status == 0)
                for container in try await server.containers() {
                    #expect(try await Command(["/usr/bin/docker", "rm", "-f", container]).run().status == 0)
                }
                let drift = try await server.local("drift", "shop")
                #expect(drift.status == 1)
                #expect(drift.output.contains("web.1  is wanted and does not run"), "\(drift)")
                #expect(try await server.containers().isEmpty)
                #expect(try await server.local("domains", "add", "shop", "www.example.com").status == 0)
                let routes = try await server.local("drift")
                #expect(routes.output.contains("has other routes for the app"), "\(routes)")
                let pid = try String(contentsOfFile: "\(server.data)/nginx/nginx.pid", encoding: .utf8)
                let nginx = try #require(pid_t(pid.trimmingCharacters(in: .whitespacesAndNewlines)))
                kill(nginx, SIGQUIT)
                try await eventually("nginx ends") { kill(nginx, 0) != 0 }
                #expect(try await server.local("drift").output.contains("nginx  does not run"))
                try await server.start()
                try await eventually("nothing differs") { try await server.ssh("drift").status == 0 }
            }
        }

        @Test func `a destroyed app leaves its archive and nothing else`() async throws {
            try await TestServer.with { server in
                #expect(try await server.ssh("apps create shop").status == 0)
                #expect(try await server.ssh("volumes add shop data:/data").status == 0)
                #expect(try await server.ssh("config set shop TOKEN=secret-value").status == 0)
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                #expect(try await clone.push().status == 0)
                let container = try #require(try await server.containers().first)
                let written = try await Command(
                    ["/usr/bin/docker", "exec", "-u", "0", container, "sh", "-c", "echo kept > /data/file"]).run()
                #expect(written.status == 0, "\(written)")
                let busy = try await server.ssh("apps destroy shop --confirm shop --archive")
                #expect(busy.errors.contains("stop them first: ps stop shop"), "\(busy)")
                // One that is started again meanwhile is not waited for.
                #expect(try await server.ssh("ps stop shop").status == 0)
                async let vain = server.ssh("apps destroy shop --confirm shop --archive")
                #expect(try await server.ssh("ps start shop").status == 0)
                #expect(try await vain.errors.contains("stop them first: ps stop shop"))

                // Its process has some time left, which is waited for.
                #expect(try await server.ssh("ps stop shop").status == 0)
                let done = try await server.ssh("apps destroy shop --confirm shop --archive")
                #expect(done.status == 0, "\(done)")
                #expect(done.output.contains("1 volume, 1 config variable"), "\(done)")
                try await Self.check(archiveIn: server, clone)
                try await eventually("nothing is left in Docker") { try await server.leftInDocker().isEmpty }
                try await eventually("nothing is left on the disk") {
                    let removals = try await server.sql("select count(*) from removals")
                    let names = try FileManager.default.contentsOfDirectory(atPath: "\(server.data)/repositories")
                    return names.isEmpty && removals == "0"
                }
                #expect(try await server.ssh("drift").status == 0)
            }
        }

        /// One file, its owner's alone, from which repository, files and settings can be had.
        private static func check(archiveIn server: TestServer, _ clone: TestClone) async throws {
            let folder = "\(server.data)/archives"
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(names.count == 1 && names[0].hasPrefix("shop-") && names[0].hasSuffix(".tar"), "\(names)")
            let file = "\(folder)/\(names[0])"
            #expect(
                try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
            let place = "\(server.scratch.path)/unpacked"
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            let steps =
                "tar -xf \(file) && cd shop && tar -xOf volumes/data.tar volume/file"
                + " && git -C repository.git rev-parse main"
            let unpacked = try await Command(["sh", "-c", "cd \(place) && \(steps)"]).run()
            #expect(unpacked.output == "kept\n\(try await clone.head())\n", "\(unpacked)")
            let settings = try String(contentsOfFile: "\(place)/shop/app.json", encoding: .utf8)
            #expect(settings.contains("TOKEN") && !settings.contains("secret-value"))
        }

        @Test func `a volume that is taken from an app goes with its files once nothing runs with it`() async throws {
            try await TestServer.with { server in
                #expect(try await server.ssh("apps create shop").status == 0)
                #expect(try await server.ssh("volumes add shop data:/data").status == 0)
                let clone = try await TestClone(server, app: "shop", sample: "hello")
                #expect(try await clone.push().status == 0)
                #expect(try await server.volumes().count == 1)
                let removed = try await server.ssh("volumes remove shop data --confirm data")
                #expect(removed.status == 0, "\(removed)")
                try await eventually("the volume is gone") { try await server.volumes().isEmpty }
                #expect(try await server.page("shop").output.hasSuffix("\n200"))
            }
        }
    }
}

extension TestServer {
    /// The tags of the images of this server's apps, sorted.
    fileprivate func images() async throws -> [String] {
        try await docker("images", "--format", "{{.Tag}}").sorted()
    }

    fileprivate func volumes() async throws -> [String] { try await docker("volume", "ls", "-q") }

    /// Everything that this server's apps have in Docker.
    fileprivate func leftInDocker() async throws -> [String] {
        try await containers() + docker("network", "ls", "-q") + docker("images", "-q") + volumes()
    }

    private func docker(_ words: String...) async throws -> [String] {
        let id = try await sql("select id from installation")
        let result = try await Command(
            ["/usr/bin/docker"] + words + ["--filter", "label=martlet.installation=\(id)"]
        ).run()
        guard result.status == 0 else { throw Unmet("docker \(words): \(result)") }
        return result.output.split(separator: "\n").map(String.init)
    }
}
