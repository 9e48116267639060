import Docker

/// What the image is that buildpacks run on (Platform API, "Target data").
package struct BuildSystem: Sendable, Equatable {
    package var system = "linux"
    /// As Go names it, such as `amd64`.
    package var architecture: String
    /// Such as `debian`; nil when the image does not say.
    package var distribution: String?
    /// Such as `12`; nil when the image does not say.
    package var distributionVersion: String?
    /// Its stack, such as `martlet`; nil when the image does not say.
    package var stack: String?

    package init(architecture: String, distribution: String? = nil, version: String? = nil, stack: String? = nil) {
        self.architecture = architecture
        self.distribution = distribution
        self.distributionVersion = version
        self.stack = stack
    }

    /// What the labels of a build image say.
    init(_ image: ImageDescription) {
        self.init(
            architecture: image.architecture, distribution: image.labels["io.buildpacks.base.distro.name"],
            version: image.labels["io.buildpacks.base.distro.version"],
            stack: image.labels["io.buildpacks.stack.id"] ?? image.environment["CNB_STACK_ID"])
    }

    /// What every buildpack finds in its environment (Buildpack API 0.10, "Targets").
    var environment: [String: String] {
        var values = ["CNB_TARGET_OS": system, "CNB_TARGET_ARCH": architecture]
        values["CNB_TARGET_DISTRO_NAME"] = distribution
        values["CNB_TARGET_DISTRO_VERSION"] = distributionVersion
        values["CNB_STACK_ID"] = stack
        return values
    }

    /// Why `buildpack` does not run here; nil when it does.
    func refusal(of buildpack: BuildpackDescriptor) -> String? {
        guard buildpack.order.isEmpty else { return nil }
        let fitsStack = buildpack.stacks.contains("*") || buildpack.stacks.contains { $0 == stack }
        if buildpack.targets.isEmpty {
            return buildpack.stacks.isEmpty || fitsStack
                ? nil : "it runs on the stacks \(buildpack.stacks.joined(separator: ", "))"
        }
        if buildpack.targets.contains(where: fits) || fitsStack { return nil }
        return "it does not run on \(system)/\(architecture)\(distribution.map { " with \($0)" } ?? "")"
    }

    /// What the image does not say about itself is no reason to refuse.
    private func fits(_ target: BuildpackTarget) -> Bool {
        guard target.system.map({ $0 == system }) ?? true, target.architecture.map({ $0 == architecture }) ?? true
        else { return false }
        guard let distribution, !target.distributions.isEmpty else { return true }
        return target.distributions.contains {
            $0.name == distribution
                && ($0.version.map { $0.isEmpty || distributionVersion == nil || $0 == distributionVersion } ?? true)
        }
    }
}
