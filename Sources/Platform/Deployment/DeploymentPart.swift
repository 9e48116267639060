/// Something that a product consists of, such as a type of its processes, in words that can be compared.
struct DeploymentPart: Equatable {
    /// What is said of it.
    struct Fact: Equatable {
        /// Empty where the part is nothing but this.
        var aspect: String
        var value: String
    }

    /// Such as `port`, `web` or `variable SECRET_KEY`.
    let name: String
    private(set) var facts: [Fact] = []

    init(_ name: String) { self.name = name }

    init(_ name: String, _ value: String) {
        self.name = name
        add("", value)
    }

    /// The value of an aspect; nil when nothing is said of it.
    subscript(aspect: String) -> String? { facts.first { $0.aspect == aspect }?.value }

    /// Says something of it; nothing when `value` is nil.
    mutating func add(_ aspect: String, _ value: String?) {
        if let value { facts.append(Fact(aspect: aspect, value: value)) }
    }

    /// All of it, such as `command './work', quantity 2`.
    var words: String {
        facts.map { $0.aspect.isEmpty ? $0.value : "\($0.aspect) \($0.value)" }.joined(separator: ", ")
    }
}

extension DeploymentPart {
    /// Everything that `product` consists of; its processes and their commands by type.
    static func all(of product: BuildProduct) -> [DeploymentPart] {
        var parts = [DeploymentPart("method", product.method)]
        if product.image.hasPrefix("sha256:") {
            parts.append(DeploymentPart("image", String(product.image.dropFirst("sha256:".count).prefix(12))))
        }
        if let site = product.site {
            parts.append(DeploymentPart("files", site.isSinglePage ? "a single-page app's" : "a site's"))
        } else {
            parts.append(DeploymentPart("port", "\(product.port)"))
        }
        parts += ProcessPlan.all(of: product, formation: [], volumes: []).map { process($0, of: product) }
        parts += product.processes.filter { $0.type == ProcessDeclaration.release }.map(releaseCommand)
        if let migration = product.migration { parts.append(Self.migration(migration)) }
        parts += (product.variables ?? []).map(variable)
        if let routing = product.routing { parts.append(Self.routing(routing)) }
        return parts
    }

    private static func process(_ plan: ProcessPlan, of product: BuildProduct) -> DeploymentPart {
        let declaration = plan.declaration
        var part = DeploymentPart(plan.type)
        part.add("command", declaration.words)
        part.add("quantity", "\(plan.quantity)")
        part.add("memory", plan.memoryBytes.map { Amount.bytes($0) })
        part.add("cpus", plan.cpus.map { Amount.number($0) })
        part.add("strategy", declaration.strategy?.rawValue)
        part.add("drain", declaration.drainSeconds.map { Amount.seconds($0) })
        part.add("stop", declaration.stopSeconds.map { Amount.seconds($0) })
        let usual = product.healthPath.map { "GET \($0.escaped)" } ?? "TCP"
        part.add(
            "startup check",
            declaration.checks?.startup?.words ?? (plan.type == ProcessDeclaration.web ? usual : nil))
        part.add("readiness check", declaration.checks?.readiness?.words)
        part.add("liveness check", declaration.checks?.liveness?.words)
        return part
    }

    private static func releaseCommand(_ declaration: ProcessDeclaration) -> DeploymentPart {
        var part = DeploymentPart("release command")
        part.add("", declaration.words)
        part.add("timeout", declaration.timeout.map { Amount.seconds($0) })
        return part
    }

    private static func migration(_ plan: MigrationPlan) -> DeploymentPart {
        var part = DeploymentPart("migration")
        part.add("", "'\(ShellCommand.text(of: plan.up))'")
        part.add("status", plan.status.map { "'\(ShellCommand.text(of: $0))'" })
        part.add("compatible", "\(plan.isCompatible)")
        part.add("timeout", Amount.seconds(plan.timeout))
        return part
    }

    private static func variable(_ declaration: VariableDeclaration) -> DeploymentPart {
        var part = DeploymentPart("variable \(declaration.name.escaped)")
        part.add("", declaration.isRequired ? "required" : "optional")
        part.add("value", declaration.value.map { "'\(ShellCommand.text(of: [$0]))'" })
        part.add("generated", declaration.isGenerated ? "true" : nil)
        return part
    }

    private static func routing(_ settings: RoutingSettings) -> DeploymentPart {
        var part = DeploymentPart("routing")
        part.add("body size", settings.maxBodyBytes.map { $0 == 0 ? "unlimited" : Amount.bytes($0) })
        part.add("timeout", settings.readTimeoutSeconds.map { Amount.seconds($0) })
        part.add("protocol", settings.upstreamProtocol?.rawValue)
        part.add("HTTPS redirect", settings.redirectsToHTTPS.map { "\($0)" })
        part.add("HSTS", settings.hstsSeconds.map { $0 == 0 ? "off" : Amount.seconds($0) })
        return part
    }
}

extension ProcessDeclaration {
    /// Its command as a person would write it, without the launcher that buildpacks put before each.
    fileprivate var words: String {
        let launcher = ["/cnb/lifecycle/launcher"]
        let arguments = (entrypoint == launcher ? [] : entrypoint ?? []) + (command ?? [])
        return arguments.isEmpty ? "of the image" : "'\(ShellCommand.text(of: arguments))'"
    }
}
