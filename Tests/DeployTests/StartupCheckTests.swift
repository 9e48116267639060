import Deploy
import Platform
import TestKit
import Testing

@Suite(.enabled(if: Requirement.docker, "needs Docker: see etc/start-docker"), .timeLimit(.minutes(2)))
struct StartupCheckTests {
    @Test func `a web process is asked for by its own name, with what its check declares`() async throws {
        try await DeployFixture.with { fixture in
            let server = "while :; do printf 'HTTP/1.0 302 Found\\r\\n\\r\\nready to serve' | nc -l -p 5000; done"
            let question = HealthProbe.HTTP(
                path: "/up", statuses: [200...200, 300...303], headers: ["X-Key": "1"], content: "ready")
            let process = try await fixture.start(server, check: HealthProbe(.http(question)))
            let deployer = try fixture.deployer()
            try await eventually(within: .seconds(60), "the request is in the log") {
                let lines = try await deployer.lastLines(of: process, count: 100)
                return Set([
                    "GET /up HTTP/1.1\r", "Host: shop.example.com\r", "X-Forwarded-Proto: https\r",
                    "User-Agent: martlet-health\r", "X-Key: 1\r",
                ]).isSubset(of: lines)
            }
        }
    }

    @Test func `without a declared check, a path is asked for, else the port`() async throws {
        try await DeployFixture.with { fixture in
            let release = fixture.release { $0.healthPath = "/up" }
            _ = try await fixture.start(
                "mkdir /tmp/w; echo ok >/tmp/w/up; exec httpd -f -p 5000 -h /tmp/w", of: release)
            let process = fixture.process(of: fixture.release(2))
            let address = try await fixture.deployer().start(
                process, as: fixture.plan("sleep 0.3; exec nc -ll -p $PORT -e cat"), of: fixture.release(2),
                app: fixture.app
            ) { _ in }
            #expect(address.hasPrefix("10.98.") && address.hasSuffix(":5000"))
        }
    }

    @Test func `other processes are to run for a while, and are asked by command where that is declared`() async throws
    {
        try await DeployFixture.with { fixture in
            _ = try await fixture.start("exec sleep 60", "worker")
            let check = HealthProbe(.command(["test", "-e", "/tmp/ready"]))
            _ = try await fixture.start("sleep 0.2; touch /tmp/ready; exec sleep 60", "clock", check: check)
            let error = try await failure(
                fixture, "exec sleep 60", HealthProbe(.command(["sh", "-c", "echo no base; exit 3"])))
            #expect(error.description.hasSuffix("in 1 attempt: 'sh -c echo no base; exit 3' exited with 3: no base"))
        }
    }

    @Test func `a deadline that passes tells the last answer and the last lines`() async throws {
        try await DeployFixture.with { fixture in
            let question = HealthProbe.HTTP(path: "/nope")
            let probe = HealthProbe(.http(question), deadline: 0.5)
            let error = try await fixture.failure(
                of: "for i in $(seq 40); do echo line $i; done; exec httpd -f -p 5000 -h /tmp", check: probe)
            #expect(error.description == "web.1 did not become healthy within 0.5 s: GET /nope answered 404")
            #expect(error.lastLines == (11...40).map { "line \($0)" })
        }
    }

    @Test func `an answer without what is to be in it is a bad one, and so many bad ones are enough`() async throws {
        try await DeployFixture.with { fixture in
            let question = HealthProbe.HTTP(path: "/up", content: "fine")
            let probe = HealthProbe(.http(question), interval: 0.2, attempts: 4)
            let server = "mkdir /tmp/w; echo bad >/tmp/w/up; exec httpd -f -p 5000 -h /tmp/w"
            let error = try await fixture.failure(of: server, check: probe)
            #expect(
                error.description
                    == "web.1 did not become healthy in 4 attempts: GET /up answered 200 without 'fine'")
        }
    }

    @Test func `a process that hangs is given up`() async throws {
        try await DeployFixture.with { fixture in
            let question = HealthProbe.HTTP(path: "/up")
            let http = HealthProbe(.http(question), timeout: 0.3, deadline: 0.4)
            let silent = try await fixture.failure(of: "exec nc -ll -p 5000 -e sleep 60", check: http)
            #expect(silent.description.hasSuffix("GET /up got no answer within 0.3 s"))
            let command = HealthProbe(.command(["sleep", "60"]), timeout: 0.3, deadline: 0.4)
            let stuck = try await fixture.failure(of: "exec sleep 60", check: command)
            #expect(stuck.description.hasSuffix("'sleep 60' did not end within 0.3 s"))
        }
    }

    @Test(.enabled(if: Requirement.root, "needs root to see where a container listens"))
    func `who listens elsewhere is told where, and where to`() async throws {
        try await DeployFixture.with { fixture in
            let probe = HealthProbe(.tcp, deadline: 0.6)
            let loopback = try await fixture.failure(of: "exec httpd -f -p 127.0.0.1:5000", check: probe)
            #expect(
                loopback.description.hasSuffix(
                    "nothing listens on port 5000 of its address, only on 127.0.0.1:5000; listen on 0.0.0.0:$PORT"))
            let other = try await fixture.failure(of: "exec httpd -f -p 8000", check: probe)
            #expect(
                other.description.hasSuffix(
                    "nothing listens on port 5000 of its address, only on port 8000; listen on 0.0.0.0:$PORT"))
            let none = try await fixture.failure(of: "exec sleep 60", check: probe)
            #expect(
                none.description.hasSuffix("nothing listens on port 5000 of its address; listen on 0.0.0.0:$PORT"))
        }
    }

    private func failure(
        _ fixture: DeployFixture, _ script: String, _ probe: HealthProbe
    ) async throws -> DeployError {
        var probe = probe
        probe.attempts = 1
        let release = fixture.release()
        let plan = fixture.plan(script, "cron", check: probe)
        let error = await #expect(throws: DeployError.self) {
            _ = try await fixture.deployer().start(
                fixture.process("cron", of: release), as: plan, of: release, app: fixture.app
            ) { _ in }
        }
        return try #require(error)
    }
}
