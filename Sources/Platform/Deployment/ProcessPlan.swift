/// A type of processes as it is to run: what its release declares, and what was set for the app, put together.
package struct ProcessPlan: Sendable, Equatable {
    package var declaration: ProcessDeclaration
    package var quantity: Int
    /// What each may use; nil for what the server is set to.
    package var memoryBytes: Int?
    /// In CPUs; nil for what the server is set to.
    package var cpus: Double?
    package var volumes: [Volume]
    /// How the proxy speaks to it, if it is a `web` process.
    package var upstreamProtocol = RoutingSettings.UpstreamProtocol.http

    package var type: String { declaration.type }

    /// One that shares what may be written to starts only once the one before it has ended.
    package var strategy: DeployStrategy {
        declaration.strategy ?? (volumes.contains { !$0.isReadOnly } ? .stopFirst : .startFirst)
    }

    package init(
        _ declaration: ProcessDeclaration, quantity: Int, memoryBytes: Int? = nil, cpus: Double? = nil,
        volumes: [Volume] = []
    ) {
        self.declaration = declaration
        self.quantity = quantity
        self.memoryBytes = memoryBytes
        self.cpus = cpus
        self.volumes = volumes
    }

    /// The types of processes that a product is to run as, `web` first; none for a site.
    ///
    /// An image that declares nothing is one web process. The command of type `release` is none.
    package static func all(
        of product: BuildProduct, formation: [FormationEntry], volumes: [Volume]
    ) -> [ProcessPlan] {
        guard product.site == nil else { return [] }
        var declared = product.processes.filter { $0.type != ProcessDeclaration.release }
        if !declared.contains(where: { $0.type == ProcessDeclaration.web }), product.runsWebByItself {
            declared.insert(ProcessDeclaration(type: ProcessDeclaration.web), at: 0)
        }
        let plans = declared.map { declaration in
            let set = formation.first { $0.type == declaration.type }
            let usual = declaration.type == ProcessDeclaration.web ? 1 : 0
            return ProcessPlan(
                declaration, quantity: set?.quantity ?? declaration.quantity ?? usual,
                memoryBytes: set?.memoryBytes ?? declaration.memoryBytes, cpus: set?.cpus ?? declaration.cpus,
                volumes: volumes)
        }
        return plans.filter { $0.type == ProcessDeclaration.web } + plans.filter { $0.type != ProcessDeclaration.web }
    }
}

extension BuildProduct {
    /// Whether the image's own entrypoint and command are the web process.
    fileprivate var runsWebByItself: Bool {
        method != "buildpack" || processes.allSatisfy { $0.type == ProcessDeclaration.release }
    }
}
