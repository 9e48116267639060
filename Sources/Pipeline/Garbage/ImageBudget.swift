import Deploy
import Foundation
import Platform

/// Which releases must make room where images and sites take more than they may.
struct ImageBudget: Sendable {
    let services: Pipeline.Services
    /// The folder of the files of static sites.
    let sites: String
    let bounds: Garbage.Bounds

    /// What of one app takes room.
    struct Holding: Sendable {
        let references: ProductReferences
        let images: [EngineImage]
        let sites: [String: Int]
    }

    /// The IDs of releases that cannot be rolled back to any more, those first that served the longest ago, until the rest is
    /// within the bound, or nothing is left to choose.
    func exceeding(_ apps: [App], _ images: [UUID: [EngineImage]]) async throws -> Set<UUID> {
        guard let limit = bounds.bytes else { return [] }
        var holdings: [Holding] = []
        for app in apps { holdings.append(try await holding(app, images[app.id] ?? [])) }
        // Asking each image for its layers takes time, and most of the time there is room enough.
        guard holdings.reduce(0, { $0 + plainSize($1) }) > limit else { return [] }
        return Self.choose(holdings, try await layers(holdings), limit: limit, keep: bounds.releases)
    }

    private func holding(_ app: App, _ images: [EngineImage]) async throws -> Holding {
        let folders = try await SiteFolders(folder: "\(sites)/\(app.id.text)").list()
        return Holding(
            references: try await RetentionStore(services.database).references(of: app.id), images: images,
            sites: Dictionary(uniqueKeysWithValues: folders.map { ("\(app.id.text)/\($0.number)", $0.bytes) }))
    }

    /// Layers that are shared are counted once for each image.
    private func plainSize(_ holding: Holding) -> Int {
        let retention = Retention(holding.references, keep: bounds.releases)
        return holding.images.filter { retention.images[$0.id] != nil }.reduce(0) { $0 + $1.bytes }
            + Self.siteSize(holding, retention)
    }

    private func layers(_ holdings: [Holding]) async throws -> [String: [EngineLayer]] {
        var layers: [String: [EngineLayer]] = [:]
        for image in holdings.flatMap(\.images) {
            let known = try await services.deployer.layers(of: image.id)
            let rest = image.bytes - known.reduce(0) { $0 + $1.bytes }
            // What an image does not tell of itself is its own.
            layers[image.id] = known + [EngineLayer(chain: image.id, bytes: max(0, rest))]
        }
        return layers
    }

    /// - Parameters:
    ///   - layers: of images, by ID.
    ///   - limit: in bytes.
    ///   - keep: as of `Retention`.
    static func choose(
        _ holdings: [Holding], _ layers: [String: [EngineLayer]], limit: Int, keep: Int
    ) -> Set<UUID> {
        let spare = holdings.flatMap { Retention($0.references, keep: keep).spare }
            .sorted { ($0.liveAt ?? $0.createdAt) < ($1.liveAt ?? $1.createdAt) }
        var givenUp: Set<UUID> = []
        for release in spare {
            guard size(holdings, layers, keep, givenUp) > limit else { break }
            givenUp.insert(release.id)
        }
        return givenUp
    }

    private static func size(
        _ holdings: [Holding], _ layers: [String: [EngineLayer]], _ keep: Int, _ givenUp: Set<UUID>
    ) -> Int {
        var kept: Set<EngineLayer> = []
        var files = 0
        for holding in holdings {
            let retention = Retention(holding.references, keep: keep, givenUp: givenUp)
            for id in retention.images.keys { kept.formUnion(layers[id] ?? []) }
            files += siteSize(holding, retention)
        }
        return files + kept.reduce(0) { $0 + $1.bytes }
    }

    private static func siteSize(_ holding: Holding, _ retention: Retention) -> Int {
        holding.sites.filter { retention.sites[$0.key] != nil }.values.reduce(0, +)
    }
}
