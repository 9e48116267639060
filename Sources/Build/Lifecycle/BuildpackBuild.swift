import Docker
import Foundation
import Glibc
import Platform

/// One build with buildpacks, from the source to the image.
struct BuildpackBuild: Sendable {
    let docker: DockerClient
    let settings: BuildpackSettings
    let plan: BuildpackPlan
    let source: BuildSource
    let workspace: String
    let labels: [String: String]
    let log: any BuildOutput
    let buildImage: ImageDescription
    let runImage: ImageDescription

    func run() async throws -> BuildpackBuilder.Product {
        let user = BuildUser(buildImage)
        let root = "\(settings.work)/\(source.app.id.text)-\(source.number)"
        let folders = try await BuildFolders.make(root, user: user.user, group: user.group, variables: configured)
        return try await HostProgram.removing(root) { try await run(folders, user) }
    }

    private func run(_ folders: BuildFolders, _ user: BuildUser) async throws -> BuildpackBuilder.Product {
        let loader = BuildpackLoader(bundled: settings.buildpacks, work: folders.work)
        var catalog = try await loader.catalog()
        let asked = try await loader.resolve(plan.buildpacks, in: UntrustedFolder(path: workspace), &catalog)
        let groups = try catalog.groups(asked.isEmpty ? loader.order(catalog) : [asked])
        try FilePatterns.apply(plan, to: workspace)
        try await prepare(folders)
        let cache = LayerCache(folder: "\(settings.cache)/\(source.app.id.text)")
        let previous = try await previousBuild(cache)
        // What runs in the container ends with it: only then is what it left looked at as a whole.
        let built = try await BuildContainer.with(
            spec(folders, groups, user), docker: docker, user: user.text
        ) { container in
            let group = try await detect(groups, in: container, folders)
            try await restore(group, cache, previous, folders)
            return try await build(group, in: container, folders)
        }
        return try await export(built, cache, previous, folders)
    }

    /// What the app is configured with; secrets win.
    private var configured: [String: String] { plan.environment.merging(source.variables) { $1 } }

    private var environment: BuildEnvironment {
        BuildEnvironment(values: buildImage.environment, configured: configured, system: BuildSystem(buildImage))
    }

    private func prepare(_ folders: BuildFolders) async throws {
        try await folders.give(folders.work)
        try await folders.give(workspace)
    }

    private func detect(
        _ groups: [[DetectCandidate]], in container: BuildContainer, _ folders: BuildFolders
    ) async throws -> [PlannedBuildpack] {
        await log.step("Detecting")
        let watch = Stopwatch()
        let detector = Detector(container: container, environment: environment, plans: folders.detected, log: log)
        let group = try await detector.detect(groups)
        for planned in group { await log.detail("\(planned.buildpack.id) \(planned.buildpack.descriptor.version)") }
        await log.detail(watch.text)
        return group
    }

    /// The record of the last build, and whether its image is still there.
    private func previousBuild(_ cache: LayerCache) async throws -> BuildRecord? {
        guard !source.noCache, var record = cache.record() else { return nil }
        let image = try await docker.inspectImage(record.image)
        if image?.layers != record.diffIDs { record.diffIDs = [] }
        return record
    }

    private func restore(
        _ group: [PlannedBuildpack], _ cache: LayerCache, _ previous: BuildRecord?, _ folders: BuildFolders
    ) async throws {
        let watch = Stopwatch()
        for planned in group {
            let id = planned.buildpack.escapedID
            let prepared = "\(folders.work)/restored/\(id)"
            try await cache.restore(
                planned.buildpack, previous, hasImage: previous?.diffIDs.isEmpty == false, to: prepared)
            try await folders.give(prepared)
            try await HostProgram.run("mv", ["-T", "--", prepared, "\(folders.layers.path)/\(id)"])
        }
        if previous != nil { await log.detail("restored the cache \(watch.text)") }
    }

    private func build(
        _ group: [PlannedBuildpack], in container: BuildContainer, _ folders: BuildFolders
    ) async throws -> [BuiltBuildpack] {
        let phase = BuildPhase(
            container: container, layers: folders.layers, plans: folders.plans, memory: settings.limits.memoryBytes,
            log: log)
        return try await phase.build(group, environment: environment)
    }

    private func export(
        _ built: [BuiltBuildpack], _ cache: LayerCache, _ previous: BuildRecord?, _ folders: BuildFolders
    ) async throws -> BuildpackBuilder.Product {
        await log.step("Exporting")
        let watch = Stopwatch()
        let user = BuildUser(declaredBy: runImage)
        let exporter = Exporter(
            docker: docker, layers: folders.layers, workspace: workspace, work: folders.work, runImage: runImage,
            owner: .init(user: user.user, group: user.group), log: log)
        let known = previous.flatMap { $0.diffIDs.isEmpty ? nil : $0 }
        let result = try await exporter.export(
            built, previous: known, name: source.imageName,
            labels: ["martlet.installation": settings.installation.text, "martlet.app": source.app.id.text])
        let types = result.processes.map { $0.isDefault ? "\($0.type) (default)" : $0.type }
        await log.detail("\(types.isEmpty ? "no processes" : types.joined(separator: ", ")) \(watch.text)")
        try await cache.save(result.record, built, from: folders.layers)
        return (result.image, ProcessTypes.declarations(result.processes))
    }

    private func spec(_ folders: BuildFolders, _ groups: [[DetectCandidate]], _ user: BuildUser) -> ContainerSpec {
        var spec = ContainerSpec.build(settings, source, labels, image: settings.buildImage)
        spec.user = user.text
        spec.mounts += [
            .init(workspace, at: "/workspace"), .init(folders.layers.path, at: "/layers"),
            .init(folders.platform, at: "/platform", readOnly: true), .init(folders.detected.path, at: "/plans"),
            .init(folders.plans, at: "/cnb/plans", readOnly: true),
        ]
        var seen: Set<String> = []
        for buildpack in groups.flatMap({ $0 }).map(\.buildpack) where seen.insert(buildpack.containerFolder).inserted {
            spec.mounts.append(.init(buildpack.folder, at: buildpack.containerFolder, readOnly: true))
        }
        return spec
    }
}

extension ContainerSpec {
    /// What all containers of builds have in common: limits, labels, the host's certificates.
    static func build(
        _ settings: BuildpackSettings, _ source: BuildSource, _ labels: [String: String], image: String
    ) -> ContainerSpec {
        let suffix = String(UInt32.random(in: .min ... .max), radix: 36)
        var spec = ContainerSpec(
            name: "martlet-build-\(source.app.id.text)-\(source.number)-\(suffix)", image: image,
            network: settings.network)
        spec.labels = labels.merging([
            "martlet.installation": settings.installation.text, "martlet.app": source.app.id.text,
            "martlet.build": "\(source.number)",
        ]) { $1 }
        spec.memoryBytes = settings.limits.memoryBytes
        spec.cpus = settings.limits.cpus
        spec.pidsLimit = settings.limits.processes
        if access(settings.certificates, R_OK) == 0 {
            spec.mounts.append(
                .init(settings.certificates, at: "/etc/ssl/certs/ca-certificates.crt", readOnly: true))
        }
        return spec
    }
}
