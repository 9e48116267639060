import Platform
import Testing

@testable import Build

/// What may be said of how processes are checked.
@Suite struct HealthBlockTests {
    @Test func `a path alone is the path of the product`() throws {
        for yaml in ["health: /up", "processes: {web: {health: /up}}"] {
            let plan = try TreeOfFiles.plan(["Dockerfile": "", "martlet.yaml": yaml])
            #expect(plan.healthPath == "/up")
            #expect(plan.processes.allSatisfy { $0.checks == nil })
        }
    }

    @Test func `one probe checks the start`() throws {
        let yaml = """
            health:
              path: /ok
              port: 9000
              status: [200, 204-299]
              headers: {Accept: text/plain}
              content: fine
              interval: 500ms
              timeout: 2s
              attempts: 4
              deadline: 3m
            """
        let http = HealthProbe.HTTP(
            path: "/ok", statuses: [200...200, 204...299], headers: ["Accept": "text/plain"], content: "fine")
        let probe = HealthProbe(.http(http), port: 9000, interval: 0.5, timeout: 2, attempts: 4, deadline: 180)
        #expect(try Self.web(yaml).checks == HealthChecks(startup: probe))
        #expect(try TreeOfFiles.plan(["Dockerfile": "", "martlet.yaml": yaml]).healthPath == nil)
    }

    @Test func `probes are told apart by their use`() throws {
        let yaml = """
            health:
              startup: /up
              readiness: {tcp: 9000}
              liveness: {command: ./alive, timeout: 1}
            processes:
              worker: {command: a, health: {startup: {uptime: 1m}, liveness: {command: [./alive, -q]}}}
            """
        #expect(
            try Self.web(yaml).checks
                == HealthChecks(
                    startup: HealthProbe(.http(.init(path: "/up"))), readiness: HealthProbe(.tcp, port: 9000),
                    liveness: HealthProbe(.command(["/bin/sh", "-c", "./alive"]), timeout: 1)))
        let worker = try TreeOfFiles.plan(["Dockerfile": "", "martlet.yaml": yaml]).processes[1]
        #expect(
            worker.checks
                == HealthChecks(
                    startup: HealthProbe(.uptime(seconds: 60)), liveness: HealthProbe(.command(["./alive", "-q"]))))
    }

    @Test(arguments: [
        (
            "{timeout: 5}",
            "'health' asks nothing; add one of path, tcp, command, uptime, as in '{path: /up, timeout: 5s}'"
        ),
        ("{tcp: true, path: /}", "'health' has 'path' and 'tcp'; a check has one of path, tcp, command, uptime"),
        (
            "{startup: {}}",
            "'startup' asks nothing; add one of path, tcp, command, uptime, as in '{path: /up, timeout: 5s}'"
        ),
        ("{startup: /up, path: /x}", "'path' is no key of 'health'"),
        ("{startup: up}", "'startup' takes a path or a probe, as in 'startup: /up'"),
        ("{path: up}", "'path' takes a path, as in 'path: /up'"),
        ("{tcp: false}", "'tcp' takes a number from 1 to 65535, as in 'tcp: true' or 'tcp: 8000'"),
        ("{tcp: 80, port: 81}", "'tcp' and 'port' both name a port; keep one"),
        ("{uptime: 10s, port: 81}", "'port' means nothing to a check by 'uptime'; leave it out"),
        ("{tcp: true, status: 200}", "'status' means nothing to a check by 'tcp'; leave it out"),
        ("{path: /, status: 600}", "'status' takes statuses from 100 to 599, as in 'status: 200-299'"),
        ("{path: /, status: 299-200}", "'status' takes statuses from 100 to 599, as in 'status: 200-299'"),
        ("{path: /, status: 200-}", "'status' takes statuses from 100 to 599, as in 'status: 200-299'"),
        (
            "{path: /, headers: {'A:': b}}",
            "'A:' takes a header's value, on one line, as in 'headers: {Accept: text/html}'"
        ),
        (
            "{path: /, headers: {A: \"b\\nc\"}}",
            "'A' takes a header's value, on one line, as in 'headers: {Accept: text/html}'"
        ),
        ("{command: []}", "'command' takes a command, as in 'command: ./check'"),
        ("{path: /, attempts: 0}", "'attempts' takes a number from 1 to 1000, as in 'attempts: 3'"),
        ("{path: /, interval: 1ms}", "'interval' takes a time from 0.1 s to 1 h, as in 'interval: 5s'"),
        ("{path: }", "'path' has no value; give it one or leave it out"),
    ])
    func `a probe that cannot be is refused`(block: String, message: String) throws {
        let refusal = try TreeOfFiles.refusal(["Dockerfile": "", "martlet.yaml": "\nhealth: \(block)"])
        #expect(refusal == "martlet.yaml:2: \(message)")
    }

    @Test func `a site has no process to check`() throws {
        let plan = try TreeOfFiles.plan(["Dockerfile": "", "martlet.yaml": "static: dist\nhealth: {tcp: true}"])
        #expect(plan.processes == [])
        #expect(plan.remarks == [])
    }

    private static func web(_ yaml: String) throws -> ProcessDeclaration {
        try #require(
            try TreeOfFiles.plan(["Dockerfile": "", "martlet.yaml": yaml]).processes.first { $0.type == "web" })
    }
}
