import Docker
package import Platform

/// Makes a commit into what can be run or served.
package struct Builder: Sendable {
    private let dockerfile: DockerfileBuilder

    /// What one build may use.
    package let limits: BuildLimits

    package init(dockerfile: DockerfileBuilder, limits: BuildLimits) {
        self.dockerfile = dockerfile
        self.limits = limits
    }

    /// Removes what a former process of this worker left: containers and files.
    package func removeLeftovers() async throws { try dockerfile.removeLeftovers() }

    /// Chooses how to build the commit, and does. Every line goes to `log`.
    ///
    /// - Throws: `BuildError` when the source or a step is at fault; `CancellationError`, with the build stopped.
    package func build(_ source: BuildSource, log: any BuildOutput) async throws -> BuildProduct {
        let image = try await dockerfile.build(source, log: log)
        return BuildProduct(
            method: "dockerfile", image: image.id, port: image.exposedPorts.first ?? 5000,
            healthPath: try Self.healthPath(of: image))
    }

    /// The path of the image's health check; nil when it names none.
    private static func healthPath(of image: ImageDescription) throws(BuildError) -> String? {
        guard let path = image.labels["martlet.health"] else { return nil }
        // It becomes part of a URL: what is no path could make us ask another host.
        guard path.hasPrefix("/"), path.utf8.count <= 200, path.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) else {
            throw BuildError(
                "LABEL martlet.health is '\(path.prefix(60))', which is no path",
                hint: "write it like LABEL martlet.health=/up")
        }
        return path
    }
}
