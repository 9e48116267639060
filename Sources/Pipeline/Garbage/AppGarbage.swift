import Deploy
import Foundation
import Logging
import Platform

/// What the builds and releases of one app left.
struct AppGarbage: Sendable {
    let app: App
    let images: [EngineImage]
    /// Releases that must make room, where nothing else needs them.
    let givenUp: Set<UUID>
    let bounds: Garbage.Bounds
    let services: Pipeline.Services
    let repository: String
    let sites: SiteFolders

    /// Removes what is of no use, unless that is only to be told.
    func collect(isDry: Bool) async throws -> [GarbageEntry] {
        let retention = retention(try await store.references(of: app.id))
        var entries: [GarbageEntry] = []
        for image in images { entries.append(try await collect(image, retention, isDry)) }
        for site in try await sites.list() { entries.append(try await collect(site, retention, isDry)) }
        if !isDry {
            try await sites.clear()
            try await mark(without: entries)
        }
        entries += try await collectReferences(isDry)
        return try await entries + collectBuilds(retention, isDry)
    }

    private var store: RetentionStore { RetentionStore(services.database) }

    private func retention(_ references: ProductReferences) -> Retention {
        Retention(references, keep: bounds.releases, givenUp: givenUp)
    }

    private func collect(_ image: EngineImage, _ retention: Retention, _ isDry: Bool) async throws -> GarbageEntry {
        var entry = entry(of: image, retention)
        guard !entry.isKept, !isDry else { return entry }
        // Somebody may have asked for it meanwhile; from here on nobody can.
        entry = try await store.withReferences(of: app.id) { references in
            var entry = self.entry(of: image, self.retention(references))
            if !entry.isKept, try await !services.deployer.remove(image) {
                entry.isKept = true
                entry.reason = "a container was made of it"
            }
            return entry
        }
        if !entry.isKept { log(entry) }
        return entry
    }

    private func entry(of image: EngineImage, _ retention: Retention) -> GarbageEntry {
        let why = reason(for: image, retention)
        return GarbageEntry(
            app: "\(app.name)", kind: .image, name: image.shortName, bytes: image.bytes, isKept: why != nil,
            reason: why ?? retention.lossReason { $0.image == image.id })
    }

    /// Why an image stays; nil when it does not.
    private func reason(for image: EngineImage, _ retention: Retention) -> String? {
        if let reason = retention.images[image.id] { return reason }
        if let number = image.builds.first(where: retention.unfinished.contains) { return "build \(number) makes it" }
        if retention.isBuilding, image.names.isEmpty { return "a build may be making it" }
        // The next build of a buildpack takes layers from it, even where nothing came of it.
        guard let newest = images.compactMap(\.builds.last).max(), image.builds.contains(newest) else { return nil }
        return "build \(newest) is the newest, and the next one may take layers from it"
    }

    private func collect(
        _ site: SiteFolders.Site, _ retention: Retention, _ isDry: Bool
    ) async throws -> GarbageEntry {
        var entry = entry(of: site, retention)
        guard !entry.isKept, !isDry else { return entry }
        entry = try await store.withReferences(of: app.id) { references in
            let entry = self.entry(of: site, self.retention(references))
            if !entry.isKept { try await sites.setAside(site) }
            return entry
        }
        if !entry.isKept { log(entry) }
        return entry
    }

    private func entry(of site: SiteFolders.Site, _ retention: Retention) -> GarbageEntry {
        let folder = "\(app.id.text)/\(site.number)"
        let why = retention.sites[folder] ?? (retention.unfinished.contains(site.number) ? "its build goes on" : nil)
        return GarbageEntry(
            app: "\(app.name)", kind: .site, name: "\(site.number)", bytes: site.bytes, isKept: why != nil,
            reason: why ?? retention.lossReason { $0.site?.folder == folder })
    }

    /// Notes which releases are history only.
    private func mark(without removed: [GarbageEntry]) async throws {
        let names = Set(removed.filter { $0.kind == .image && !$0.isKept }.map(\.name))
        let images = Set(images.filter { !names.contains($0.shortName) }.map(\.id))
        let folders = Set(try await sites.list().map { "\(app.id.text)/\($0.number)" })
        var gone: [Int] = []
        for release in try await store.references(of: app.id).releases {
            let product = release.product
            if product.site.map({ folders.contains($0.folder) }) ?? images.contains(product.image) { continue }
            // One that was built since they were listed is there all the same.
            if !release.isRemoved, try await services.isThere(product) { continue }
            gone.append(release.number)
        }
        try await store.setRemoved(gone, of: app.id)
    }

    /// A release that cannot be rolled back to needs its commit no more.
    private func collectReferences(_ isDry: Bool) async throws -> [GarbageEntry] {
        let references = ReleaseReferences(repository: repository)
        guard try await !references.numbers().isEmpty else { return [] }
        return try await store.withReferences(of: app.id) { found in
            let retention = retention(found)
            let kept = Set(found.releases.filter { retention.holds($0.product) }.map(\.number))
            let lost = try await references.numbers().filter { !kept.contains($0) }
            if !isDry { try await references.remove(lost) }
            return lost.map {
                GarbageEntry(
                    app: "\(app.name)", kind: .reference, name: "v\($0)", bytes: 0, isKept: false,
                    reason: "v\($0) cannot be rolled back to, and needs its commit no more")
            }
        }
    }

    private func collectBuilds(_ retention: Retention, _ isDry: Bool) async throws -> [GarbageEntry] {
        let releases = try await store.references(of: app.id).releases.filter { retention.holds($0.product) }
        let (numbers, lines) = try await store.forgetBuilds(
            of: app.id, keep: bounds.builds, releases: releases, isDry: isDry)
        guard let first = numbers.first, let last = numbers.last else { return [] }
        return [
            GarbageEntry(
                app: "\(app.name)", kind: .builds, name: first == last ? "\(first)" : "\(first)-\(last)", bytes: 0,
                isKept: false,
                reason: "\(numbers.count) older than the newest \(bounds.builds), with \(lines) lines of log")
        ]
    }

    private func log(_ entry: GarbageEntry) {
        services.logger.info(
            "removed garbage",
            metadata: ["app": "\(entry.app)", "\(entry.kind.rawValue)": "\(entry.name)", "reason": "\(entry.reason)"])
    }
}
