import Testing

@testable import Platform

/// What people are told about one product in the place of another.
@Suite struct DeploymentDifferenceTests {
    private static var product: BuildProduct {
        var product = BuildProduct(method: "dockerfile", image: "sha256:" + String(repeating: "a", count: 64))
        product.processes = [
            ProcessDeclaration(type: "web", shell: "./serve"), ProcessDeclaration(type: "worker", shell: "./work"),
        ]
        return product
    }

    @Test func `the same product differs in nothing`() {
        #expect(DeploymentDifference.lines(from: Self.product, to: Self.product) == [])
    }

    @Test func `a first product is told in full`() {
        var product = Self.product
        product.healthPath = "/up"
        product.processes[1].memoryBytes = 512 << 20
        product.processes[1].strategy = .exclusive
        #expect(
            DeploymentDifference.lines(from: nil, to: product) == [
                "method: dockerfile", "image: aaaaaaaaaaaa", "port: 5000",
                "web: command './serve', quantity 1, startup check GET /up",
                "worker: command './work', quantity 0, memory 512 MiB, strategy exclusive",
            ])
    }

    @Test func `processes come, go and change`() {
        var product = Self.product
        product.processes = [
            ProcessDeclaration(type: "web", shell: "./serve\n--fast"),
            ProcessDeclaration(type: "clock", shell: "./tick"),
            ProcessDeclaration(type: "release", shell: "./migrate"),
        ]
        product.processes[0].cpus = 0.5
        product.processes[0].drainSeconds = 7200
        #expect(
            DeploymentDifference.lines(from: Self.product, to: product) == [
                "web: command './serve' -> './serve\\n--fast'", "web: cpus default -> 0.5", "web: drain default -> 2 h",
                "clock: new: command './tick', quantity 0", "release command: new: './migrate'", "worker: gone",
            ])
    }

    @Test func `an image that declares nothing is a web process of its own command`() {
        let old = BuildProduct(method: "dockerfile", image: "")
        #expect(
            DeploymentDifference.lines(from: old, to: Self.product) == [
                "image: new: aaaaaaaaaaaa", "web: command of the image -> './serve'",
                "worker: new: command './work', quantity 0",
            ])
    }

    @Test func `nothing is said of an image that is not built yet`() {
        var product = Self.product
        product.image = ""
        #expect(DeploymentDifference.lines(from: Self.product, to: product) == [])
    }

    @Test func `checks, migrations, variables and routing are told`() {
        var product = Self.product
        let http = HealthProbe.HTTP(
            path: "/ok", statuses: [200...200, 204...299], headers: ["X": "y"], content: "fine")
        product.processes[0].checks = HealthChecks(
            startup: HealthProbe(.http(http), port: 9000, interval: 2, attempts: 3, deadline: 120),
            readiness: HealthProbe(.tcp, timeout: 0.5), liveness: HealthProbe(.command(["/bin/sh", "-c", "./ok"])))
        product.processes[1].checks = HealthChecks(startup: HealthProbe(.uptime(seconds: 10)))
        product.migration = MigrationPlan(status: nil, up: ["/bin/sh", "-c", "./up"], isCompatible: false)
        product.variables = [
            VariableDeclaration(name: "A", isRequired: true), VariableDeclaration(name: "B", value: "1"),
            VariableDeclaration(name: "C", isGenerated: true),
        ]
        var routing = RoutingSettings()
        (routing.maxBodyBytes, routing.readTimeoutSeconds, routing.hstsSeconds) = (1 << 30, 90, 31_536_000)
        (routing.upstreamProtocol, routing.redirectsToHTTPS) = (.grpc, true)
        product.routing = routing
        #expect(
            DeploymentDifference.lines(from: Self.product, to: product) == [
                "web: startup check TCP -> GET /ok, status 200 or 204-299, header 'X: y', content 'fine', port 9000, "
                    + "every 2 s, timeout 5 s, attempts 3, within 2 min",
                "web: readiness check default -> TCP, timeout 0.5 s",
                "web: liveness check default -> command './ok', timeout 5 s",
                "worker: startup check default -> uptime of 10 s, timeout 5 s",
                "migration: new: './up', compatible false, timeout 1 h", "variable A: new: required",
                "variable B: new: optional, value '1'", "variable C: new: optional, generated true",
                "routing: new: body size 1 GiB, timeout 90 s, protocol grpc, HTTPS redirect true, HSTS 365 d",
            ])
        #expect(
            DeploymentDifference.lines(from: product, to: Self.product).suffix(2) == [
                "variable C: gone", "routing: gone",
            ])
    }

    @Test func `files take the place of processes`() {
        var product = Self.product
        product.site = BuildProduct.Site(folder: "a/1", isSinglePage: true)
        let lines = DeploymentDifference.lines(from: Self.product, to: product)
        #expect(
            lines == [
                "files: new: a single-page app's", "port: gone", "web: gone", "worker: gone",
            ])
        var other = product
        other.site?.folder = "a/2"
        #expect(DeploymentDifference.lines(from: product, to: other) == [])
    }

    @Test func `a variable is missing that is required, and neither set, valued nor generated`() throws {
        let variables = [
            VariableDeclaration(name: "A", description: "an address", isRequired: true),
            VariableDeclaration(name: "B", isRequired: true, value: "1"),
            VariableDeclaration(name: "C", isRequired: true, isGenerated: true), VariableDeclaration(name: "D"),
            VariableDeclaration(name: "E", isRequired: true),
        ]
        let missing = VariableDeclaration.missing(from: variables, names: ["E"])
        #expect(missing.map(\.name) == ["A"])
        let app = try AppName("shop")
        let refusal = VariableDeclaration.refusal(of: missing, app: app)
        #expect(refusal.text == "the required config variable A (an address) is not set")
        #expect(refusal.hint == "config set shop A=VALUE")
        let both = VariableDeclaration.refusal(of: VariableDeclaration.missing(from: variables, names: []), app: app)
        #expect(both.text == "required config variables are not set: A (an address), E")
        #expect(both.hint == "config set shop A=VALUE\nconfig set shop E=VALUE")
        #expect(VariableDeclaration.missing(from: nil, names: []) == [])
    }
}
