import Docker
import Foundation
import Platform

/// Builds with an image that brings buildpacks and a lifecycle of its own: its `creator` does it all (Platform API 0.12,
/// "creator").
///
/// The creator runs as root and talks to Docker itself: such an image must be trusted as the server is.
struct CreatorBuilder: Sendable {
    /// The newest Platform API that is asked for here.
    private static let platform = BuildpackAPI(0, 12)

    let docker: DockerClient
    let settings: BuildpackSettings

    func build(
        _ builder: String, _ plan: BuildpackPlan, source: BuildSource, workspace: String, labels: [String: String],
        log: any BuildOutput
    ) async throws -> BuildpackBuilder.Product {
        let image = try await find(builder, log)
        let user = BuildUser(declaredBy: image)
        let root = "\(settings.work)/\(source.app.id.text)-\(source.number)"
        let variables = plan.environment.merging(source.variables) { $1 }
        let folders = try await BuildFolders.make(root, user: user.user, group: user.group, variables: variables)
        return try await HostProgram.removing(root) {
            try FilePatterns.apply(plan, to: workspace)
            try await folders.give(workspace)
            return try await create(image, folders, source, workspace, labels, log)
        }
    }

    private func find(_ builder: String, _ log: any BuildOutput) async throws -> ImageDescription {
        if let image = try await docker.inspectImage(builder) { return image }
        await log.step("Pulling the builder '\(builder)'")
        do {
            try await docker.pullImage(builder) { await log.printed($0.utf8) }
        } catch let error as DockerError {
            throw BuildError(
                "no builder image '\(builder)': \(error.reason)", hint: "check its name, or load it on this machine")
        }
        guard let image = try await docker.inspectImage(builder) else {
            throw BuildError("no builder image '\(builder)'", hint: "check its name")
        }
        return image
    }

    private func create(
        _ builder: ImageDescription, _ folders: BuildFolders, _ source: BuildSource, _ workspace: String,
        _ labels: [String: String], _ log: any BuildOutput
    ) async throws -> BuildpackBuilder.Product {
        await log.step("Building with the builder's own lifecycle")
        let metadata = BuilderMetadata(builder)
        try await folders.give(folders.layers.path)
        let spec = try spec(builder, folders, source, workspace, labels)
        let code = try await BuildContainer.with(spec, docker: docker, user: "0:0") { container in
            var environment = ["CNB_PLATFORM_API": "\(metadata.newest(upTo: Self.platform) ?? Self.platform)"]
            environment["CNB_EXPERIMENTAL_MODE"] = "warn"
            return try await container.run(
                command(source, metadata), environment: environment, directory: "/workspace"
            ) { await log.printed($0) }
        }
        guard code == 0 else { throw failure(code) }
        return try await label(source, folders)
    }

    private func command(_ source: BuildSource, _ metadata: BuilderMetadata) -> [String] {
        var words = [
            "/cnb/lifecycle/creator", "-daemon", "-app", "/workspace", "-layers", "/layers", "-platform", "/platform",
            "-cache-dir", "/cache", "-launch-cache", "/launch-cache", "-log-level", "info",
        ]
        if let image = metadata.runImage { words += ["-run-image", image] }
        if source.noCache { words.append("-skip-restore") }
        return words + [source.imageName]
    }

    private func spec(
        _ builder: ImageDescription, _ folders: BuildFolders, _ source: BuildSource, _ workspace: String,
        _ labels: [String: String]
    ) throws -> ContainerSpec {
        var spec = ContainerSpec.build(settings, source, labels, image: builder.id)
        let cache = "\(settings.cache)/\(source.app.id.text)/creator"
        for name in ["build", "launch"] {
            try FileManager.default.createDirectory(atPath: "\(cache)/\(name)", withIntermediateDirectories: true)
        }
        spec.user = "0:0"
        // It becomes the user of the build, and gives that user its folders.
        spec.addedCapabilities = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"]
        spec.mounts += [
            .init(workspace, at: "/workspace"), .init(folders.layers.path, at: "/layers"),
            .init(folders.platform, at: "/platform", readOnly: true), .init("\(cache)/build", at: "/cache"),
            .init("\(cache)/launch", at: "/launch-cache"), .init(settings.socket, at: "/var/run/docker.sock"),
        ]
        return spec
    }

    /// Exit codes of the creator (Platform API 0.12, "creator").
    private func failure(_ code: Int) -> BuildError {
        let reason =
            switch code {
            case 11: "it does not speak the Platform API that it was asked for"
            case 20, 21, 22: "none of its buildpacks detected the app"
            case 51: "a buildpack failed"
            case 126, 127: "the image has no '/cnb/lifecycle/creator'"
            default: "its last lines say why"
            }
        return BuildError("the builder failed: its creator exited with \(code)", hint: reason)
    }

    /// Marks the image as this installation's: a creator knows nothing of that. Its layers are there already.
    private func label(_ source: BuildSource, _ folders: BuildFolders) async throws
        -> BuildpackBuilder.Product
    {
        guard let image = try await docker.inspectImage(source.imageName) else {
            throw BuildError("the builder left no image", hint: "its creator must be able to use Docker's socket")
        }
        let labels = image.labels.merging([
            "martlet.installation": settings.installation.text, "martlet.app": source.app.id.text,
        ]) { $1 }
        let configuration = ImageConfiguration(image, labels: labels, diffIDs: image.layers)
        let layers = try ImageLayers(
            archive: ImageArchive("\(folders.work)/image.tar"), base: image.layers, previous: image.layers)
        let marked = try await ImageLoading(docker: docker)
            .load(configuration, layers, name: source.imageName)
        return (marked, processes(of: marked))
    }

    private func processes(of image: ImageDescription) -> [ProcessDeclaration] {
        guard let text = image.labels["io.buildpacks.build.metadata"],
            let metadata = try? JSONDecoder().decode(ImageLabels.BuildMetadata.self, from: Data(text.utf8))
        else { return [] }
        let started = image.entrypoint.first
        return ProcessTypes.declarations(
            (metadata.processes ?? []).map { .init(type: $0.type, isDefault: started == "/cnb/process/\($0.type)") })
    }
}

/// What a builder image says of itself: `io.buildpacks.builder.metadata`, and what its lifecycle speaks.
struct BuilderMetadata {
    private struct Label: Decodable {
        struct Stack: Decodable {
            struct Image: Decodable {
                let image: String?
            }
            let runImage: Image?
        }
        struct Lifecycle: Decodable {
            struct Versions: Decodable {
                struct Platform: Decodable {
                    let supported: [String]?
                }
                let platform: Platform?
            }
            let apis: Versions?
        }
        let stack: Stack?
        let images: [Stack.Image]?
        let runImages: [Stack.Image]?
        let lifecycle: Lifecycle?
    }

    /// The image that an app's image begins with; nil when the builder's lifecycle knows it itself.
    let runImage: String?
    private let platforms: [BuildpackAPI]

    init(_ image: ImageDescription) {
        let text = image.labels["io.buildpacks.builder.metadata"] ?? "{}"
        let label = try? JSONDecoder().decode(Label.self, from: Data(text.utf8))
        runImage =
            image.environment["CNB_RUN_IMAGE"] ?? label?.stack?.runImage?.image ?? label?.runImages?.first?.image
            ?? label?.images?.first?.image
        platforms = (label?.lifecycle?.apis?.platform?.supported ?? []).compactMap(BuildpackAPI.init)
    }

    /// The newest Platform API that it speaks, at most `limit`; nil when it does not say.
    func newest(upTo limit: BuildpackAPI) -> BuildpackAPI? { platforms.filter { $0 <= limit }.max() }
}
