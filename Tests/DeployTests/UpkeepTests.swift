import Deploy
import Docker
import Foundation
import Logging
import Platform
import TestKit
import Testing

@Suite(.enabled(if: Requirement.docker, "needs Docker: see etc/start-docker"), .timeLimit(.minutes(2)))
struct UpkeepTests {
    @Test func `a process that ends is started again, which is counted and told`() async throws {
        try await DeployFixture.with { fixture in
            let deployer = try fixture.deployer()
            let process = try await fixture.start(
                "while ! test -e /tmp/end; do sleep 0.1; done; exit 3", check: HealthProbe(.command(["true"])))
            let release = fixture.release()
            let end = HealthProbe(.command(["touch", "/tmp/end"]), timeout: 60)
            _ = try await deployer.problem(of: process, by: end, release: release, app: fixture.app)
            // Docker waits longer each time, so that it can be seen waiting.
            try await eventually(within: .seconds(60), "it is seen restarting") {
                switch try await deployer.condition(of: process, release: release) {
                case .restarting(let reason, let restarts): return reason == "exited with 3" && restarts > 0
                case .running, .cutOff: return false
                case .gone: throw Unmet("it is gone")
                }
            }
            try await deployer.remove(process)
            #expect(try await deployer.condition(of: process, release: release) == .gone)
            #expect(try await deployer.lastLines(of: process, count: 3) == [])
        }
    }

    @Test func `a process is asked, started anew and stopped`() async throws {
        try await DeployFixture.with { fixture in
            let deployer = try fixture.deployer()
            let release = fixture.release()
            let process = try await fixture.start("echo started; exec httpd -f -p 5000 -h /tmp")
            let up = HealthProbe(.http(HealthProbe.HTTP(path: "/up")))
            let first = try await deployer.problem(of: process, by: up, release: release, app: fixture.app)
            #expect(first == "GET /up answered 404")
            try await deployer.restart(process)
            try await eventually(within: .seconds(60), "it answers again") {
                try await deployer.problem(
                    of: process, by: HealthProbe(.tcp), release: release, app: fixture.app) == nil
            }
            try await eventually(within: .seconds(60), "both lines are in the log") {
                try await deployer.lastLines(of: process, count: 5) == ["started", "started"]
            }
            let old = HealthProbe(.uptime(seconds: 3600))
            let young = try await deployer.problem(of: process, by: old, release: release, app: fixture.app)
            #expect(young?.hasSuffix("and is to for 3600 s") == true)
            try await deployer.stop(process, within: 5)
            #expect(
                try await deployer.problem(of: process, by: up, release: release, app: fixture.app) == "it is gone")
            // None of these minds that.
            try await deployer.restart(process)
            try await deployer.stop(process, within: 5)
            try await deployer.remove(process)
        }
    }

    @Test func `a process whose network somebody removed gets another one, and runs on`() async throws {
        try await DeployFixture.with { fixture in
            let deployer = try fixture.deployer()
            let release = fixture.release()
            let process = try await fixture.start("exec httpd -f -p 5000 -h /tmp")
            let container = try #require(process.container)
            let network = "martlet-\(fixture.app.id.text)"
            for words in [["disconnect", "--force", network, container], ["rm", network]] {
                #expect(try await Command(["docker", "network"] + words).run().status == 0)
            }
            #expect(try await deployer.condition(of: process, release: release) == .cutOff)
            try await deployer.reconnect(process)
            guard case .running(_, restarts: 0) = try await deployer.condition(of: process, release: release) else {
                throw Unmet("it is not where it was")
            }
            let up = HealthProbe(.tcp)
            #expect(try await deployer.problem(of: process, by: up, release: release, app: fixture.app) == nil)
            // It is there already.
            try await deployer.reconnect(process)
            try await deployer.remove(process)
            try await deployer.reconnect(process)
        }
    }

    @Test func `who follows changes wakes when a process is killed or removed`() async throws {
        try await DeployFixture.with { fixture in
            let deployer = try fixture.deployer()
            let process = try await fixture.start("exec sleep 60", "worker")
            var changes = deployer.changes().makeAsyncIterator()
            try await fixture.docker.kill(#require(process.container), signal: "SIGKILL")
            #expect(await changes.next() != nil)
            try await deployer.remove(process)
            #expect(await changes.next() != nil)
        }
    }

    @Test func `who follows changes wakes when Docker was away and is back`() async throws {
        try await DeployFixture.with { fixture in
            try await DockerRelay.with { relay in
                let docker = DockerClient(socket: relay.path, logger: Logger(label: "test"))
                let deployer = try fixture.deployer(at: docker)
                try await relay.start()
                var changes = deployer.changes().makeAsyncIterator()
                for _ in 1...2 {
                    try await relay.stop()
                    try await relay.start()
                    #expect(await changes.next() != nil)
                }
                let process = try await fixture.start("exec sleep 60", "worker")
                try await deployer.remove(process)
                #expect(await changes.next() != nil)
                try await docker.shutdown()
            }
        }
    }

    @Test(.enabled(if: Requirement.root, "needs root to end a process of a container"))
    func `a check's command that hangs is ended`() async throws {
        try await DeployFixture.with { fixture in
            let deployer = try fixture.deployer()
            let release = fixture.release()
            let process = try await fixture.start("exec httpd -f -p 5000 -h /tmp")
            let ask = { (command: [String], seconds: Double) in
                try await deployer.problem(
                    of: process, by: HealthProbe(.command(command), timeout: seconds), release: release,
                    app: fixture.app)
            }
            let hung = try await ask(["sh", "-c", "sleep 60; true"], 2)
            #expect(hung == "'sh -c sleep 60; true' did not end within 2 s")
            try await eventually(within: .seconds(60), "it is gone") { try await ask(["pidof", "sleep"], 20) != nil }
        }
    }

    @Test func `what is not wanted is removed, and nothing else`() async throws {
        try await DeployFixture.with { fixture in
            let deployer = try fixture.deployer()
            let wanted = try await fixture.start("exec sleep 60", "worker")
            _ = try await fixture.start("exec sleep 60", "clock")
            let gone = try await fixture.network(of: UUID())
            try await fixture.addAbandonedCommand()
            let removed = try await deployer.removeUnwanted {
                [wanted.id]
            } apps: {
                [fixture.app.id]
            }
            #expect(removed == 3)
            #expect(try await fixture.containers().map(\.id) == [wanted.container])
            #expect(try await fixture.docker.inspectNetwork(gone) == nil)
            #expect(try await fixture.docker.inspectNetwork("martlet-\(fixture.app.id.text)") != nil)
        }
    }
}

extension DeployFixture {
    /// A network such as an app has that is gone.
    fileprivate func network(of app: UUID) async throws -> String {
        let name = "martlet-\(app.text)"
        let labels = ["martlet.installation": installation.text, "martlet.app": app.text]
        let subnet = "10.97.\(UInt8.random(in: 0...255)).0/28"
        return try await docker.createNetwork(
            NetworkSpec(name: name, subnet: subnet, bridgeName: "mart\(app.text.prefix(8))", labels: labels))
    }

    /// A command whose daemon was killed.
    fileprivate func addAbandonedCommand() async throws {
        var spec = ContainerSpec(name: "mt-\(UUID().text)", image: "martlet/busybox:latest")
        spec.labels = [
            "martlet.installation": installation.text, "martlet.app": app.id.text, "martlet.oneoff": UUID().text,
            "martlet.expires": "\(Int(Date().timeIntervalSince1970) + 3600)",
        ]
        _ = try await docker.createContainer(spec)
    }
}
