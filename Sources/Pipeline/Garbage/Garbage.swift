import Deploy
import Foundation
package import Platform

/// Finds and removes what builds and releases left that is of no use any more: images, sites, references, builds.
package struct Garbage: Sendable {
    /// How much stays.
    package struct Bounds: Sendable {
        /// How many images or sites of an app that served once stay to be rolled back to.
        package var releases = 5
        /// How many finished builds of an app stay, with their logs.
        package var builds = 100
        /// What all images and sites may take, in bytes; nil for any amount.
        package var bytes: Int? = 20 << 30

        package init() {}
    }

    private let services: Pipeline.Services
    private let bounds: Bounds
    private let repositories: String
    private let sites: String

    /// - Parameters:
    ///   - repositories: the folder of the apps' bare repositories.
    ///   - sites: the folder of the files of static sites.
    package init(services: Pipeline.Services, repositories: String, sites: String, bounds: Bounds) {
        self.services = services
        self.repositories = repositories
        self.sites = sites
        self.bounds = bounds
    }

    /// Removes it, whoever else works on the same data. Only for all apps at once the bound of bytes is looked at, and what
    /// apps left that are gone.
    ///
    /// - Parameters:
    ///   - app: the only one to look at; nil for all.
    ///   - isDry: whether everything stays, and is only told.
    /// - Returns: what there is, with what stays.
    /// - Throws: the first of what went wrong; every app was tried by then.
    package func collect(_ app: App? = nil, isDry: Bool = false) async throws -> [GarbageEntry] {
        let images = Dictionary(grouping: try await services.deployer.images(), by: \.app)
        let apps = try await services.apps.list(visibleTo: .local)
        let budget = ImageBudget(services: services, sites: sites, bounds: bounds)
        let givenUp = app == nil ? try await budget.exceeding(apps, images) : []
        var entries: [GarbageEntry] = []
        var failure: (any Error)?
        for one in apps where app == nil || one.id == app?.id {
            do {
                entries += try await garbage(of: one, images[one.id] ?? [], givenUp).collect(isDry: isDry)
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return app == nil ? try await entries + collectOrphans(images, beside: apps, isDry) : entries
    }

    private func garbage(of app: App, _ images: [EngineImage], _ givenUp: Set<UUID>) -> AppGarbage {
        AppGarbage(
            app: app, images: images, givenUp: givenUp, bounds: bounds, services: services,
            repository: "\(repositories)/\(app.repositoryName)", sites: SiteFolders(folder: "\(sites)/\(app.id.text)"))
    }

    /// Images that carry this installation's mark, and the ID of an app that was not there when they were listed.
    private func collectOrphans(
        _ images: [UUID: [EngineImage]], beside apps: [App], _ isDry: Bool
    ) async throws -> [GarbageEntry] {
        let known = Set(apps.map(\.id))
        var entries: [GarbageEntry] = []
        // One that has only a name may be another installation's.
        for image in images.filter({ !known.contains($0.key) }).values.joined() where image.isLabelled {
            let isGone = if isDry { true } else { try await services.deployer.remove(image) }
            entries.append(
                GarbageEntry(
                    app: image.app.text, kind: .image, name: image.shortName, bytes: image.bytes, isKept: !isGone,
                    reason: isGone ? "its app is gone" : "a container was made of it"))
        }
        return entries
    }
}

extension EngineImage {
    /// The builds that made it, or the beginning of its digest.
    var shortName: String {
        builds.isEmpty ? String(id.dropFirst(7).prefix(12)) : builds.map { "build-\($0)" }.joined(separator: ", ")
    }
}
