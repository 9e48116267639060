package import Platform

extension BuildPlan {
    /// What starts a command in an image that buildpacks made.
    private static let launcher = ["/cnb/lifecycle/launcher"]

    /// Adds to what was made how it is to be run.
    ///
    /// - Parameter types: what the image itself declares; empty for one that buildpacks did not make.
    /// - Throws: `BuildError` for a type of processes that nothing says how to start.
    func complete(_ product: inout BuildProduct, types: [ProcessDeclaration]) throws(BuildError) {
        product.processes = try processes(with: types)
        declare(in: &product, usesLauncher: !types.isEmpty)
    }

    private func declare(in product: inout BuildProduct, usesLauncher: Bool) {
        product.migration = migration
        if usesLauncher { product.migration?.entrypoint = Self.launcher }
        product.variables = variables.isEmpty ? nil : variables
        product.routing = routing
    }

    /// The plan's own processes, which come first, and what the image declares; those of buildpacks need the image's
    /// environment as well.
    private func processes(with types: [ProcessDeclaration]) throws(BuildError) -> [ProcessDeclaration] {
        var own: [ProcessDeclaration] = []
        for var process in processes {
            let declared = types.first { $0.type == process.type }
            if process.command == nil {
                guard process.type == ProcessDeclaration.web || declared != nil else {
                    throw unknown(process.type, types)
                }
                process.entrypoint = declared?.entrypoint
                process.command = declared?.command
            } else if !types.isEmpty {
                process.entrypoint = Self.launcher
            }
            if !types.isEmpty { process.checks?.launch(by: Self.launcher) }
            own.append(process)
        }
        return own + types.filter { declared in !own.contains { $0.type == declared.type } }
    }

    private func unknown(_ type: String, _ types: [ProcessDeclaration]) -> BuildError {
        let known = types.map(\.type)
        return BuildError(
            "'\(type)' has no command, and the image declares no such process\(Suggestion.phrase(type, among: known))",
            hint: "say in '\(Self.settingsFile)' how it starts, as in 'processes: {\(type): {command: ./run}}'"
                + (known.isEmpty ? "" : "\nthe image declares: \(known.joined(separator: ", "))"))
    }

    /// What a build of this plan will make, as far as that is known before: without an image, and with what images say
    /// themselves as it is now.
    ///
    /// - Parameters:
    ///   - live: what serves now; nil for nothing.
    ///   - former: the plan of what serves now; nil when it is not known.
    package func forecast(after live: BuildProduct?, former: BuildPlan?) -> BuildProduct {
        var product = BuildProduct(method: method.name, image: "")
        product.port = port ?? (former?.port == nil ? live?.port : nil) ?? product.port
        product.healthPath = healthPath ?? (former?.healthPath == nil ? live?.healthPath : nil)
        let isSameMethod = live?.method == product.method
        if let site {
            product.site = BuildProduct.Site(folder: "", isSinglePage: site.isSinglePage)
        } else if isSameMethod, former?.site == nil {
            product.site = live?.site
        }
        let types = (isSameMethod ? live?.processes ?? [] : []).filter { $0.isByBuildpacks }
        // What has no command, and was not known to the image before, only the build tells.
        product.processes = (try? processes(with: types)) ?? processes
        declare(in: &product, usesLauncher: !types.isEmpty)
        return product
    }
}

extension ProcessDeclaration {
    /// Whether buildpacks declared it: they put what starts a type there (CNB Platform API, "launcher").
    fileprivate var isByBuildpacks: Bool { entrypoint?.first?.hasPrefix("/cnb/process/") == true }
}

extension HealthChecks {
    /// Gives commands the environment that buildpacks made for the image's processes.
    fileprivate mutating func launch(by launcher: [String]) {
        startup?.launch(by: launcher)
        readiness?.launch(by: launcher)
        liveness?.launch(by: launcher)
    }
}

extension HealthProbe {
    fileprivate mutating func launch(by launcher: [String]) {
        if case .command(let command) = kind { kind = .command(launcher + command) }
    }
}
