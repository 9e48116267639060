import Docker
import Foundation

/// Makes the app's image out of what the buildpacks left (Buildpack API, "Phase #4: Export").
///
/// The image is the run image, a layer for each launch layer, one with the launcher, and one with the app. Equal content
/// gives an equal image ID. All programs of the build have ended by then.
struct Exporter {
    let docker: DockerClient
    /// What was `/layers` in the container.
    let layers: UntrustedFolder
    /// What was `/workspace`.
    let workspace: String
    /// A folder of ours.
    let work: String
    let runImage: ImageDescription
    let owner: ImageArchive.Owner
    let log: any BuildOutput

    /// What came of it.
    struct Result {
        let image: ImageDescription
        let processes: [ProcessTypes.Entry]
        let record: BuildRecord
    }

    /// Makes the image and calls it `name`.
    ///
    /// - Parameters:
    ///   - previous: of the last build, while its image is still there.
    ///   - labels: beside those of the buildpacks.
    func export(
        _ built: [BuiltBuildpack], previous: BuildRecord?, name: String, labels: [String: String]
    ) async throws -> Result {
        let combined = LaunchDeclaration.combined(built.map(\.launch))
        let types = ProcessTypes(combined.processes, defaultType: combined.defaultType)
        let layers = try ImageLayers(
            archive: ImageArchive("\(work)/image.tar"), base: runImage.layers, previous: previous?.diffIDs ?? [])
        let buildpacks = try await addLaunchLayers(built, previous, to: layers)
        let launcher = script(built, buildpacks, types)
        for variable in launcher.unusable {
            await log.detail("the variable '\(variable)' is left out at launch: no shell can set it")
        }
        let launcherLayer = try await addLauncher(launcher, to: layers)
        let appLayer = try await layers.add(".", in: workspace, as: "workspace", owner: owner)
        try await fetchMissing(layers, previous)
        var configuration = configuration(types, layers.diffIDs)
        configuration.config.Labels.merge(combined.labels.filter { Self.isBuildpacksOwn($0.key) }) { $1 }
        configuration.config.Labels["io.buildpacks.build.metadata"] = try ImageLabels.build(built, types.processes)
        configuration.config.Labels["io.buildpacks.lifecycle.metadata"] = try ImageLabels.text(
            ImageLabels.LifecycleMetadata(
                app: [.init(sha: appLayer)], launcher: .init(sha: launcherLayer),
                buildpacks: metadata(built, buildpacks),
                runImage: .init(reference: runImage.id, topLayer: runImage.layers.last ?? "")))
        configuration.config.Labels.merge(labels) { $1 }
        let image = try await ImageLoading(docker: docker).load(configuration, layers, name: name)
        let record = BuildRecord(image: image.id, diffIDs: layers.diffIDs, buildpacks: buildpacks)
        return Result(image: image, processes: types.entries, record: record)
    }

    /// Whether a buildpack may set a label: ours tell what belongs to whom, but for those that say how to serve the app.
    private static func isBuildpacksOwn(_ label: String) -> Bool {
        !label.hasPrefix("martlet.") || ["martlet.static", "martlet.spa", "martlet.health"].contains(label)
    }

    private func script(
        _ built: [BuiltBuildpack], _ entries: [String: BuildRecord.Entry], _ types: ProcessTypes
    ) -> LauncherScript {
        var script = LauncherScript()
        script.processes = types.processes
        script.defaultType = types.defaultType
        for result in built {
            let id = result.buildpack.escapedID
            let effects = entries[id]?.layers.compactMapValues(\.effect) ?? [:]
            script.changes.add(LayerEnvironment.changes(of: id, effects, phase: .launch))
            script.layers += result.launchLayers.map { "/layers/\(id)/\($0)" }
        }
        return script
    }

    /// One layer for each launch layer; one whose folder is not there is the last image's.
    private func addLaunchLayers(
        _ built: [BuiltBuildpack], _ previous: BuildRecord?, to image: ImageLayers
    ) async throws -> [String: BuildRecord.Entry] {
        var entries: [String: BuildRecord.Entry] = [:]
        for result in built {
            let id = result.buildpack.escapedID
            var entry = BuildRecord.Entry(
                version: result.buildpack.descriptor.version, store: result.store,
                layers: result.layers.mapValues { .init(content: $0) })
            for name in result.launchLayers {
                entry.layers[name] = try await addLaunchLayer(
                    name, result, previous?.buildpacks[id]?.layers[name], to: image)
            }
            entries[id] = entry
        }
        return entries
    }

    private func addLaunchLayer(
        _ name: String, _ result: BuiltBuildpack, _ previous: BuildRecord.Layer?, to image: ImageLayers
    ) async throws -> BuildRecord.Layer {
        let id = result.buildpack.escapedID
        var layer = BuildRecord.Layer(content: result.layers[name] ?? LayerContent())
        if try layers.kind("\(id)/\(name)") == .folder {
            layer.effect = try LayerEnvironment(layers: layers, phase: .launch).effect(of: name, id)
            layer.diffID = try await image.add("\(id)/\(name)", in: layers.path, prefix: "layers/", owner: owner)
        } else {
            guard let known = previous?.diffID else { throw absent(name, result.buildpack) }
            image.reuse(known)
            (layer.diffID, layer.effect) = (known, previous?.effect)
        }
        return layer
    }

    private func absent(_ name: String, _ buildpack: Buildpack) -> BuildError {
        BuildError(
            "buildpack '\(buildpack)' left no folder for its layer '\(name)', and the last image has none",
            hint: "build again without the cache")
    }

    private func addLauncher(_ script: LauncherScript, to image: ImageLayers) async throws -> String {
        let root = "\(work)/launcher"
        let files = FileManager.default
        for folder in ["lifecycle", "process"] {
            try files.createDirectory(atPath: "\(root)/cnb/\(folder)", withIntermediateDirectories: true)
        }
        let path = "\(root)/cnb/lifecycle/launcher"
        try script.text.write(toFile: path, atomically: false, encoding: .utf8)
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        for process in script.processes {
            try files.createSymbolicLink(
                atPath: "\(root)/cnb/process/\(process.type)", withDestinationPath: "/cnb/lifecycle/launcher")
        }
        return try await image.add("cnb", in: root, owner: .root)
    }

    /// Takes layers out of the last image that the engine cannot place by their digest alone, since those below them
    /// are others now.
    private func fetchMissing(_ image: ImageLayers, _ previous: BuildRecord?) async throws {
        guard let previous, !image.missing.isEmpty else { return }
        let extraction = LayerExtraction(docker: docker, work: work)
        try await extraction.extract(Set(image.missing), of: previous.image) { digest, file in
            try await image.supply(digest, file: file)
        }
    }

    private func configuration(_ types: ProcessTypes, _ diffIDs: [String]) -> ImageConfiguration {
        // The run image's own marks are about that image.
        let labels = runImage.labels.filter { !$0.key.hasPrefix("martlet.") }
        var configuration = ImageConfiguration(runImage, labels: labels, diffIDs: diffIDs)
        var environment = runImage.environment
        let path = environment["PATH"] ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        environment["PATH"] = "/cnb/process:/cnb/lifecycle:\(path)"
        environment["CNB_LAYERS_DIR"] = "/layers"
        environment["CNB_APP_DIR"] = "/workspace"
        configuration.config.Env = environment.map { "\($0.key)=\($0.value)" }.sorted()
        configuration.config.User = "\(owner.user):\(owner.group)"
        configuration.config.WorkingDir = "/workspace"
        configuration.config.Cmd = nil
        configuration.config.Entrypoint = [types.defaultType.map { "/cnb/process/\($0)" } ?? "/cnb/lifecycle/launcher"]
        return configuration
    }

    private func metadata(
        _ built: [BuiltBuildpack], _ entries: [String: BuildRecord.Entry]
    ) -> [ImageLabels.LifecycleMetadata.Buildpack] {
        built.map { result in
            let layers = entries[result.buildpack.escapedID]?.layers.filter { $0.value.content.isForLaunch } ?? [:]
            return .init(
                key: result.buildpack.id, version: result.buildpack.descriptor.version,
                layers: layers.mapValues {
                    .init(
                        sha: $0.diffID, data: $0.content.metadata, build: $0.content.isForBuild, launch: true,
                        cache: $0.content.isCached)
                })
        }
    }
}
