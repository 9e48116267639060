import Platform
import Testing

@testable import Build

/// How a plan becomes part of what was made, and what is known of that before.
@Suite struct BuildPlanProductTests {
    private static let launcher = ["/cnb/lifecycle/launcher"]
    private static let types = [
        ProcessDeclaration(type: "web", entrypoint: ["/cnb/process/web"]),
        ProcessDeclaration(type: "worker", entrypoint: ["/cnb/process/worker"]),
    ]

    @Test func `processes of an image of buildpacks are started with its environment`() throws {
        let yaml = """
            processes:
              web: {quantity: 2, health: {command: [./ok]}}
              clock: ./tick
            migrate: {up: ./up}
            """
        let plan = try TreeOfFiles.plan(["martlet.yaml": yaml + "\nbuild: {buildpacks: [martlet/go]}"])
        var product = BuildProduct(method: "buildpack", image: "")
        // One with a command of its own keeps the others of the image to themselves.
        try plan.complete(&product, types: Self.types)
        #expect(product.processes.map(\.type) == ["web", "clock", "worker"])
        #expect(product.processes[0].entrypoint == ["/cnb/process/web"])
        #expect(product.processes[0].command == nil)
        #expect(product.processes[0].quantity == 2)
        #expect(product.processes[0].checks?.startup == HealthProbe(.command(Self.launcher + ["./ok"])))
        #expect(product.processes[1].entrypoint == Self.launcher)
        #expect(product.processes[1].command == ["/bin/sh", "-c", "./tick"])
        #expect(product.migration?.entrypoint == Self.launcher)
    }

    @Test func `another image starts commands itself`() throws {
        let plan = try TreeOfFiles.plan([
            "Dockerfile": "", "martlet.yaml": "processes: {worker: ./work}\nmigrate: {up: ./up}\nvariables: {A: 1}",
        ])
        var product = BuildProduct(method: "dockerfile", image: "")
        try plan.complete(&product, types: [])
        #expect(product.processes == [ProcessDeclaration(type: "worker", shell: "./work")])
        #expect(product.migration?.entrypoint == nil)
        #expect(product.variables?.map(\.name) == ["A"])
        #expect(product.routing == nil)
    }

    @Test func `a type without a command has to be the image's`() throws {
        let plan = try TreeOfFiles.plan(["martlet.yaml": "processes: {wroker: {quantity: 1}}"])
        var product = BuildProduct(method: "buildpack", image: "")
        let error = #expect(throws: BuildError.self) { try plan.complete(&product, types: Self.types) }
        #expect(
            error?.description
                == "'wroker' has no command, and the image declares no such process; did you mean 'worker'?")
        #expect(error?.hint?.contains("the image declares: web, worker") == true)
    }

    @Test func `a forecast keeps what only images say`() throws {
        var live = BuildProduct(method: "dockerfile", image: "sha256:1", port: 8080, healthPath: "/up")
        live.processes = [ProcessDeclaration(type: "web", shell: "./a")]
        let plan = try TreeOfFiles.plan(["Dockerfile": "", "martlet.yaml": "processes: {web: ./b}"])
        let product = plan.forecast(after: live, former: plan)
        #expect(product.port == 8080)
        #expect(product.healthPath == "/up")
        #expect(product.image == "")
        #expect(DeploymentDifference.lines(from: live, to: product) == ["web: command './a' -> './b'"])
    }

    @Test func `a forecast drops what the former plan said and the new one does not`() throws {
        let former = try TreeOfFiles.plan(["Dockerfile": "", "martlet.yaml": "port: 8080\nhealth: /up"])
        let live = former.forecast(after: nil, former: nil)
        let plan = try TreeOfFiles.plan(["Dockerfile": ""])
        #expect(
            DeploymentDifference.lines(from: live, to: plan.forecast(after: live, former: former)) == [
                "port: 8080 -> 5000", "web: startup check GET /up -> TCP",
            ])
    }

    @Test func `a forecast takes the types of buildpacks to stay`() throws {
        let plan = try TreeOfFiles.plan(["martlet.yaml": "processes: {clock: ./tick}"])
        var live = BuildProduct(method: "buildpack", image: "sha256:1")
        try plan.complete(&live, types: Self.types)
        let other = try TreeOfFiles.plan(["index.html": ""])
        #expect(
            DeploymentDifference.lines(from: live, to: other.forecast(after: live, former: plan)) == ["clock: gone"])
    }
}
