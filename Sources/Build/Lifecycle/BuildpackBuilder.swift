package import Docker
import Foundation
import Glibc
package import Platform

/// Builds an app's source with Cloud Native Buildpacks: the lifecycle (Platform API 0.12), on folders of the host, with
/// nothing but the buildpacks' own programs in a container.
package struct BuildpackBuilder: Sendable {
    /// An image, and how each of its processes is started.
    package typealias Product = (image: ImageDescription, processes: [ProcessDeclaration])

    private let docker: DockerClient
    private let settings: BuildpackSettings

    package init(docker: DockerClient, settings: BuildpackSettings) {
        self.docker = docker
        self.settings = settings
    }

    /// Builds the image and names it `source.imageName`. Unchanged source gives the same image. The log masks the values
    /// of the app's variables.
    ///
    /// - Parameters:
    ///   - workspace: a folder with the source, which is built in: what it holds afterwards is undefined, and the caller
    ///     removes it.
    ///   - labels: of the build's container, beside `martlet.installation`, `martlet.app` and `martlet.build`.
    /// - Throws: `NothingDetected`; `BuildError` when a buildpack or the source is at fault; `DockerError`;
    ///   `CancellationError`, with the container gone.
    package func build(
        _ plan: BuildpackPlan, source: BuildSource, workspace: String, labels: [String: String] = [:],
        log: any BuildOutput
    ) async throws -> Product {
        let log = MaskedOutput(log, secrets: source.variables.values)
        return try await BuildGuard(time: settings.limits.time, disk: settings.disk).run {
            if let builder = plan.builder {
                return try await CreatorBuilder(docker: docker, settings: settings)
                    .build(builder, plan, source: source, workspace: workspace, labels: labels, log: log)
            }
            let images = try await images()
            return try await BuildpackBuild(
                docker: docker, settings: settings, plan: plan, source: source, workspace: workspace, labels: labels,
                log: log, buildImage: images.build, runImage: images.run
            ).run()
        }
    }

    private func images() async throws -> (build: ImageDescription, run: ImageDescription) {
        guard let build = try await docker.inspectImage(settings.buildImage) else { throw missing(settings.buildImage) }
        guard let run = try await docker.inspectImage(settings.runImage) else { throw missing(settings.runImage) }
        return (build, run)
    }

    private func missing(_ image: String) -> BuildError {
        BuildError("there is no image '\(image)'", hint: "make the stack image first: 'martlet stack build'")
    }
}
