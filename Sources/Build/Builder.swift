package import Docker
import Foundation
import Git
package import GitWire
package import Platform
import Synchronization

/// Makes a commit into what can be run or served, by whichever method its files or its app's settings say.
package struct Builder: Sendable {
    private let docker: DockerClient
    private let stack: StackImage
    private let images: ImageMethodBuilder
    private let settings: BuildpackSettings
    private let sites: SiteStore
    private let disk: DiskGuard
    private let caches: BuildCaches
    private let pruning = Pruning()
    private let folder: String
    private let worker: String
    /// What one build may use.
    package var limits: BuildLimits { settings.limits }

    /// - Parameters:
    ///   - settings: of builds with buildpacks; the images are the stack's.
    ///   - caches: where sources stay laid out, among others.
    ///   - folder: the folder in which this worker lays out sources that do not stay; nobody else's.
    ///   - worker: marks containers as this worker's.
    package init(
        docker: DockerClient, stack: StackImage, images: ImageMethodBuilder, settings: BuildpackSettings,
        sites: SiteStore, disk: DiskGuard, caches: BuildCaches, folder: String, worker: String
    ) {
        self.docker = docker
        self.stack = stack
        self.images = images
        self.settings = settings
        self.sites = sites
        self.disk = disk
        self.caches = caches
        self.folder = folder
        self.worker = worker
    }

    /// The label of the containers that a worker makes.
    package static let workerLabel = "martlet.worker"

    /// Removes what a former process of this worker left: containers and files, but not what is of use to the next build.
    ///
    /// - Throws: `DockerError` when Docker cannot be used; `BuildError` when files stay.
    package func removeLeftovers() async throws {
        let labels = ["martlet.installation": settings.installation.text, Self.workerLabel: worker]
        for container in try await docker.containers(labels: labels, all: true) {
            try await docker.removeContainer(container.id, force: true)
        }
        OrphanedClients.end(installation: settings.installation)
        for path in [folder, settings.work] { try await HostProgram.remove(path) }
        try await caches.trees.sweep(keeping: limits.sourceBytes)
    }

    /// Chooses how to build the commit, and does. Every line goes to `log`.
    ///
    /// - Parameters:
    ///   - own: YAML of the app's own settings; nil for none.
    ///   - serving: the commit that serves; nil when none does.
    /// - Throws: `BuildError` when the source or a step is at fault; `CancellationError`, with the build stopped.
    package func build(
        _ source: BuildSource, settings own: String?, serving: ObjectID?, log: any BuildOutput
    ) async throws -> BuildOutcome {
        try disk.admit()
        var source = source
        source.cache = caches.name(of: source.app.id)
        source.noCache = source.noCache || caches.isCleared(source.app.id)
        let path = "\(folder)/\(source.app.id.text)"
        let outcome = try await HostProgram.removing(path) { [source] in
            let place = caches.trees.place(of: source.app.id, worker: worker)
            let tree = try await SourceTree(of: source, keptIn: place, own: path)
            // Its files are locked for as long as it is there.
            defer { withExtendedLifetime(tree) {} }
            try await caches.trees.sweep(keeping: limits.sourceBytes)
            return try await build(tree, source, own, serving, log)
        }
        try await tidy(source, log)
        return outcome
    }

    /// Keeps the caches within their bounds.
    private func tidy(_ source: BuildSource, _ log: any BuildOutput) async throws {
        try caches.used(by: source.app.id)
        if let bytes = try await caches.bound(source.app.id, to: limits.appCacheBytes) {
            await log.detail(
                "the build cache took \(bytes >> 20) MiB and was cleared: at most \(limits.appCacheBytes >> 20) are kept"
            )
        }
        // Beside what else there is to do: BuildKit takes its time.
        if pruning.isDue() { Task { try await docker.pruneBuildCache(keeping: limits.cacheBytes) } }
    }

    /// When BuildKit's cache was looked at last.
    private final class Pruning: Sendable {
        private let last = Mutex<ContinuousClock.Instant?>(nil)

        /// Whether that was ten minutes ago, or never.
        func isDue() -> Bool {
            last.withLock { last in
                let now = ContinuousClock.now
                if let last, now - last < .seconds(600) { return false }
                last = now
                return true
            }
        }
    }

    private func build(
        _ tree: SourceTree, _ source: BuildSource, _ own: String?, _ serving: ObjectID?, _ log: any BuildOutput
    ) async throws -> BuildOutcome {
        let plan = try BuildPlan.read(from: tree.path, settings: own)
        if let serving, !plan.watch.isEmpty, try await !concerns(plan, source, since: serving) {
            return .skipped(
                reason: "nothing that 'build.watch' names has changed since \(serving.short)")
        }
        await log.step("Building \(source.app.name) \(plan.words) (\(source.commit.short))")
        for remark in plan.remarks { await log.detail(remark) }
        try source.requireVariables(plan.variables)
        return .made(try await make(plan, tree, source, log))
    }

    /// Whether what changed since a commit concerns the app. Where too much changed to tell, it does.
    private func concerns(_ plan: BuildPlan, _ source: BuildSource, since serving: ObjectID) async throws -> Bool {
        let paths = try await Repository.withRepository(at: source.repository) { repository in
            try repository.changedPaths(from: serving, to: source.commit, limit: 10_000)
        }
        return paths.map { WatchRules(plan.watch, context: plan.context).firstRelevant($0) != nil } ?? true
    }

    private func make(
        _ plan: BuildPlan, _ tree: SourceTree, _ source: BuildSource, _ log: any BuildOutput
    ) async throws -> BuildProduct {
        let (image, types) =
            if case .buildpack(let buildpacks) = plan.method {
                try await build(buildpacks, in: plan.context, tree, source, log)
            } else {
                (try await buildImage(plan, tree, source, log), [ProcessDeclaration]())
            }
        var product = BuildProduct(method: plan.method.name, image: image.id, port: plan.port ?? image.webPort)
        product.healthPath = try plan.healthPath ?? image.healthPath()
        try plan.complete(&product, types: types)
        product.site = try await site(plan, image, source, log)
        if product.site == nil, !product.processes.isEmpty {
            await log.detail("processes: \(product.processes.map(\.type).joined(separator: ", "))")
        }
        return product
    }

    private func buildImage(
        _ plan: BuildPlan, _ tree: SourceTree, _ source: BuildSource, _ log: any BuildOutput
    ) async throws -> ImageDescription {
        var base = ""
        if case .command(let command) = plan.method, command.base == nil {
            base = try await stack.ensure(log: log).build
        }
        return try await images.build(plan: plan, source: source, context: tree.path, stack: base, log: log)
    }

    private func build(
        _ plan: BuildpackPlan, in context: String, _ tree: SourceTree, _ source: BuildSource, _ log: any BuildOutput
    ) async throws -> BuildpackBuilder.Product {
        var settings = settings
        if plan.builder == nil {
            let stack = try await stack.ensure(log: log)
            (settings.buildImage, settings.runImage) = (stack.build, stack.run)
        }
        do {
            let workspace = try ContextPath.resolve(context, in: try await tree.surrender(), "folder")
            return try await BuildpackBuilder(docker: docker, settings: settings).build(
                plan, source: source, workspace: workspace, labels: [Self.workerLabel: worker], log: log)
        } catch let nothing as NothingDetected {
            for misfit in nothing.misfits { await log.detail(misfit) }
            throw BuildPlan.nothingFound(context: context, detected: nothing.findings.map(\.description))
        }
    }

    /// The files to serve, copied out of the image: where the plan says, or else a buildpack by its labels.
    private func site(
        _ plan: BuildPlan, _ image: ImageDescription, _ source: BuildSource, _ log: any BuildOutput
    ) async throws -> BuildProduct.Site? {
        var site = plan.site
        if site == nil, let folder = image.labels["martlet.static"] {
            site = SitePlan(folder: folder)
            site?.isSinglePage = image.labels["martlet.spa"] == "true"
        }
        guard let site else { return nil }
        await log.step("Copying the site out of the image")
        return try await sites.extract(
            site, fromImage: image.id, workingDirectory: image.workingDirectory, app: source.app.id,
            number: source.number, output: log)
    }
}

extension BuildPlan.Method {
    /// `dockerfile`, `command` or `buildpack`.
    package var name: String {
        switch self {
        case .dockerfile: "dockerfile"
        case .command: "command"
        case .buildpack: "buildpack"
        }
    }
}
