import Deploy
import Docker
import Platform
import TestKit
import Testing

@Suite(.enabled(if: Requirement.docker, "needs Docker: see etc/start-docker"), .timeLimit(.minutes(2)))
struct StartTests {
    @Test func `a process that ends while it starts fails at once, with what it said`() async throws {
        try await DeployFixture.with { fixture in
            let error = try await fixture.failure(of: "echo no database >&2; exit 3")
            #expect(error.description == "web.1 exited with 3 while it started")
            #expect(error.lastLines == ["no database"])
            let worker = try await fixture.failure(of: "sleep 0.1; nothing-of-that-name", "worker")
            #expect(worker.description == "worker.1 exited with 127 (no such command) while it started")
            let missing = try await fixture.failure(of: "") {
                $0 = ProcessDeclaration(type: "web", entrypoint: ["/nope"], command: [])
            }
            #expect(missing.description == "web.1 exited with 127 (no such command) while it started")
            #expect(missing.lastLines.last?.contains("/nope") == true)
            let refused = try await fixture.failure(of: "exec sleep 60", memoryMiB: 1)
            #expect(refused.description.hasPrefix("web.1 cannot be started: Minimum memory limit"))
        }
    }

    @Test func `running out of memory is said`() async throws {
        try await DeployFixture.with { fixture in
            let error = try await fixture.failure(of: "sleep 0.5; exec tail /dev/zero", memoryMiB: 16)
            #expect(error.description.contains("it may use 16 MiB"))
        }
    }

    @Test func `it finds its config, what Martlet tells it, and declared values where nothing is set`() async throws {
        try await DeployFixture.with { fixture in
            let release = fixture.release(7) {
                $0.port = 8080
                $0.variables = [
                    VariableDeclaration(name: "COLOR", value: "blue"), VariableDeclaration(name: "SIZE", value: "s"),
                    VariableDeclaration(name: "NEITHER"),
                ]
            }
            let deployer = try fixture.deployer(variables: ["COLOR": "red", "PORT": "1"])
            let process = try await fixture.start("env; exec sleep 60", "worker", by: deployer, of: release)
            try await eventually(within: .seconds(60), "it prints what it finds") {
                let lines = Set(try await deployer.lastLines(of: process, count: 100))
                #expect(!lines.contains { $0.hasPrefix("NEITHER") })
                return lines.isSuperset(of: [
                    "COLOR=red", "SIZE=s", "PORT=8080", "DYNO=worker.1", "MARTLET_APP=shop", "MARTLET_RELEASE=v7",
                    "MARTLET_PROCESS=worker.1", "GIT_REV=\(release.commit)",
                ])
            }
            let labels = try await fixture.containers().first?.labels
            #expect(labels?["martlet.name"] == "worker.1" && labels?["martlet.release"] == "v7")
        }
    }

    @Test func `of an exclusive process there are never two`() async throws {
        try await DeployFixture.with { fixture in
            let plan = fixture.plan("exec sleep 60", "clock") { $0.strategy = .exclusive }
            let deployer = try fixture.deployer()
            let old = fixture.process("clock", of: fixture.release(1))
            _ = try await deployer.start(old, as: plan, of: fixture.release(1), app: fixture.app) { _ in }
            let new = fixture.process("clock", of: fixture.release(2))
            let error = await #expect(throws: DeployError.self) {
                _ = try await deployer.start(new, as: plan, of: fixture.release(2), app: fixture.app) { _ in }
            }
            #expect(error?.description.contains("clock.1 of v1 (container 'martlet-") == true)
            let running = try await fixture.placed(old)
            #expect(try await deployer.condition(of: running, release: fixture.release()) != .gone)
            // What is left of one that has ended is in nobody's way.
            try await fixture.docker.kill(#require(running.container), signal: "SIGKILL")
            try await fixture.docker.stop(#require(running.container), timeoutSeconds: 1)
            _ = try await deployer.start(new, as: plan, of: fixture.release(2), app: fixture.app) { _ in }
            #expect(try await fixture.containers().count == 1)
        }
    }

    @Test func `a start that is cancelled leaves nothing`() async throws {
        try await DeployFixture.with { fixture in
            let release = fixture.release()
            let deployer = try fixture.deployer()
            let (process, plan) = (fixture.process(of: release), fixture.plan("exec sleep 60"))
            let start = Task { [app = fixture.app] in
                try await deployer.start(process, as: plan, of: release, app: app) { _ in }
            }
            try await eventually(within: .seconds(60), "it runs") {
                try await fixture.containers().contains { $0.state == "running" }
            }
            start.cancel()
            await #expect(throws: CancellationError.self) { try await start.value }
            #expect(try await fixture.containers().isEmpty)
        }
    }

    @Test func `apps do not reach one another, nor by name`() async throws {
        try await DeployFixture.with { fixture in
            let server = "echo ok >/tmp/up; exec httpd -f -p 5000 -h /tmp"
            let mine = try await fixture.start(server)
            let release = fixture.release(of: fixture.other)
            let theirs = fixture.process(of: release)
            let deployer = try fixture.deployer()
            let address = try await deployer.start(
                theirs, as: fixture.plan(server), of: release, app: fixture.other
            ) { _ in }
            let name = try #require(try await fixture.placed(theirs).container).prefix(12)
            for target in [address, "\(name):5000"] {
                let probe = asking(target)
                let problem = try await deployer.problem(
                    of: mine, by: probe, release: fixture.release(), app: fixture.app)
                #expect(problem != nil)
            }
            // The machine does, and so does the app itself.
            let own = HealthProbe(.tcp)
            let there = try await fixture.placed(theirs)
            #expect(try await deployer.problem(of: there, by: own, release: release, app: fixture.other) == nil)
            let inside = try await deployer.problem(
                of: mine, by: asking("127.0.0.1:5000"), release: release, app: fixture.app)
            #expect(inside == nil)
        }
    }

    /// Whether a process reaches another one.
    private func asking(_ address: String) -> HealthProbe {
        let parts = address.split(separator: ":")
        return HealthProbe(.command(["nc", "-w", "1", String(parts[0]), String(parts[1]), "-e", "true"]), timeout: 20)
    }
}
