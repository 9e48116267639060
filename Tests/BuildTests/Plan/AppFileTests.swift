import Platform
import Testing

@testable import Build

/// What is taken from `app.json`.
@Suite struct AppFileTests {
    private static let files = ["Dockerfile": "", "Procfile": "web: ./serve\nworker: ./work"]

    @Test func `formation says how many processes there are`() throws {
        let json = """
            {"formation": {"web": {"quantity": 2, "size": "standard-1x"}, "worker": {"quantity": 3}, "clock": {"quantity": 1}}}
            """
        let plan = try Self.plan(json)
        #expect(plan.processes.map(\.type) == ["web", "worker"])
        #expect(plan.processes.map(\.quantity) == [2, 3])
        #expect(
            plan.remarks == [
                "app.json: 'formation.web.size' is not used",
                "app.json: 'formation.clock' is not used: no such process is declared",
            ])
        let own = try Self.plan(json, yaml: "processes: {worker: {quantity: 5}}")
        #expect(own.processes.map(\.quantity) == [2, 5])
        #expect(try TreeOfFiles.plan(["Dockerfile": "", "app.json": json]).processes.map(\.quantity) == [2])
    }

    @Test func `Dokku's checks become ours for every type`() throws {
        let json = """
            {"healthchecks": {
              "web": [
                {"type": "startup", "name": "up", "path": "/up", "port": 8000, "attempts": 3, "timeout": 10, "wait": 2,
                 "content": "ok", "httpHeaders": [{"name": "Accept", "value": "text/plain"}], "initialDelay": 5},
                {"type": "readiness", "path": "/ready", "attempts": 1}, {"type": "readiness", "path": "/other"},
                {"type": "liveness", "command": ["./alive", "-q"]}],
              "worker": [{"type": "startup", "uptime": 20}, {"type": "liveness", "listening": true, "port": 9000}],
              "clock": [{"type": "startup", "uptime": 1}]}}
            """
        let plan = try Self.plan(json)
        let http = HealthProbe.HTTP(path: "/up", headers: ["Accept": "text/plain"], content: "ok")
        #expect(plan.healthPath == "/up")
        #expect(
            plan.processes[0].checks
                == HealthChecks(
                    startup: HealthProbe(.http(http), port: 8000, interval: 2, timeout: 10, attempts: 3),
                    readiness: HealthProbe(.http(.init(path: "/ready")), interval: 5, attempts: 1),
                    liveness: HealthProbe(.command(["./alive", "-q"]))))
        #expect(
            plan.processes[1].checks
                == HealthChecks(
                    startup: HealthProbe(.uptime(seconds: 20)), liveness: HealthProbe(.tcp, port: 9000)))
        #expect(
            plan.remarks == [
                "app.json: healthchecks.web: 'initialDelay' is not used",
                "app.json: 'web' has more than one readiness check; the first is used",
                "app.json: 'healthchecks.clock' is not used: no such process is declared",
            ])
    }

    @Test func `a plain path is the product's, and martlet_yaml's check comes before it`() throws {
        let json = "{\"healthchecks\": {\"web\": [{\"type\": \"startup\", \"name\": \"x\", \"path\": \"/up\"}]}}"
        let plan = try Self.plan(json)
        #expect(plan.healthPath == "/up")
        #expect(plan.processes[0].checks == nil)
        let own = try Self.plan(json, yaml: "health: {tcp: true}")
        #expect(own.healthPath == nil)
        #expect(own.processes[0].checks == HealthChecks(startup: HealthProbe(.tcp)))
    }

    @Test func `env names config variables, which martlet_yaml may name otherwise`() throws {
        let json = """
            {"env": {"B": {"description": "a key", "generator": "secret"}, "A": "1", "C": {"description": "x"},
              "D": {"required": false}, "E": {"value": 2, "sync": true}, "PORT": "80"}}
            """
        let plan = try Self.plan(json)
        #expect(
            plan.variables == [
                VariableDeclaration(name: "A", value: "1"),
                VariableDeclaration(name: "B", description: "a key", isGenerated: true),
                VariableDeclaration(name: "C", description: "x", isRequired: true), VariableDeclaration(name: "D"),
                VariableDeclaration(name: "E", value: "2"),
            ])
        #expect(plan.remarks.count == 2)
        #expect(plan.remarks.first == "app.json: 'env.E.sync' is not used")
        let own = try Self.plan(json, yaml: "variables: {C: here, F: '1'}")
        #expect(own.variables.map(\.name) == ["C", "F", "A", "B", "D", "E"])
        #expect(own.variables[0].value == "here")
    }

    @Test(arguments: [
        ("{\"formation\": []}", "'formation' takes blocks by process, as in '{\"web\": {\"quantity\": 2}}'"),
        (
            "{\"formation\": {\"web\": {\"quantity\": \"2\"}}}",
            "'formation.web.quantity' takes a number from 0 to 100, as in '{\"web\": {\"quantity\": 2}}'"
        ),
        (
            "{\"formation\": {\"web\": {\"quantity\": true}}}",
            "'formation.web.quantity' takes a number from 0 to 100, as in '{\"web\": {\"quantity\": 2}}'"
        ),
        ("{\"env\": []}", "'env' takes names with values, as in '{\"DEBUG\": \"1\"}'"),
        ("{\"env\": {\"A\": []}}", "'env.A' takes a text"), ("{\"env\": {\"A\": true}}", "'env.A' takes a text"),
        ("{\"env\": {\"A\": {\"required\": 1}}}", "'env.A.required' takes true or false"),
        ("{\"env\": {\"A\": {\"generator\": \"x\"}}}", "'env.A.generator' takes 'secret'"),
        (
            "{\"healthchecks\": {\"web\": [{\"type\": \"x\"}]}}",
            "'x' is no type of check; there are startup, readiness, liveness"
        ),
        (
            "{\"healthchecks\": {\"web\": [{\"uptime\": 1, \"path\": \"/\"}]}}",
            "healthchecks.web: 'path' and 'uptime' are given; a check has one of path, command, uptime, listening"
        ),
        (
            "{\"healthchecks\": {\"web\": [{\"uptime\": true}]}}",
            "healthchecks.web: 'uptime' takes a number from 1 to 3600"
        ),
        (
            "{\"healthchecks\": {\"web\": [{\"command\": \"x\"}]}}",
            "healthchecks.web: 'command' takes a list of words, as in '[\"./check\"]'"
        ),
        ("{\"healthchecks\": {\"web\": [{\"port\": 0}]}}", "healthchecks.web: 'port' takes a number from 1 to 65535"),
    ])
    func `a mistake is told`(json: String, message: String) throws {
        #expect(try TreeOfFiles.refusal(["Dockerfile": "", "app.json": json]) == "app.json: \(message)")
    }

    private static func plan(_ json: String, yaml: String? = nil) throws -> BuildPlan {
        try TreeOfFiles.plan(files.merging(["app.json": json, "martlet.yaml": yaml ?? ""]) { $1 })
    }
}
