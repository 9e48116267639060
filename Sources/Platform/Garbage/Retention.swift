package import Foundation

/// Which images and sites of one app stay, and why. The database alone decides: it knows before anybody uses one.
package struct Retention: Sendable {
    /// Why images stay, by ID.
    package private(set) var images: [String: String] = [:]
    /// Why sites stay, by folder.
    package private(set) var sites: [String: String] = [:]
    /// The releases that stay for nothing but to be rolled back to, newest first; without those that stay in any case.
    package private(set) var spare: [Release] = []
    /// The builds that have not ended: what carries their numbers is being made.
    package let unfinished: Set<Int>
    /// Whether a worker makes something this moment that has no name yet.
    package let isBuilding: Bool
    private let releases: [Release]
    private let keep: Int

    /// - Parameters:
    ///   - keep: how many different images or sites that served once stay to be rolled back to, at least one.
    ///   - givenUp: the IDs of releases that are not to stay for that, where there is a choice.
    package init(_ references: ProductReferences, keep: Int, givenUp: Set<UUID> = []) {
        releases = references.releases
        self.keep = max(1, keep)
        unfinished = Set(references.unfinished.map(\.number))
        isBuilding = references.unfinished.contains { $0.stage == .building }
        for release in releases {
            if let why = Self.use(of: release, references.busy) { hold(release.product, why) }
        }
        for build in references.unfinished { hold(build) }
        for (number, product) in references.products {
            hold(product, "build \(number) made it, and may be deployed again")
        }
        keepTargets(but: givenUp)
    }

    /// Whether what a release runs stays.
    package func holds(_ product: BuildProduct) -> Bool { reason(for: product) != nil }

    /// Why an image or site goes that nothing holds, in terms of the newest release that was made of it.
    package func lossReason(where isIt: (BuildProduct) -> Bool) -> String {
        guard let release = releases.first(where: { isIt($0.product) }) else { return "no release was made of it" }
        switch release.status {
        case .failed where release.liveAt == nil: return "v\(release.number) never served"
        case .failed: return "v\(release.number) did not do well"
        default: return "v\(release.number) is too old to be rolled back to: \(keep == 1 ? "1 stays" : "\(keep) stay")"
        }
    }

    private static func use(of release: Release, _ busy: Set<UUID>) -> String? {
        let name = "v\(release.number)"
        switch release.status {
        case .live: return "\(name) is live"
        case .canary: return "\(name) is a canary"
        case .starting, .switching: return "\(name) is being deployed"
        case .retired, .failed: return busy.contains(release.id) ? "processes of \(name) still run" : nil
        }
    }

    private mutating func hold(_ product: BuildProduct, _ why: String) {
        images[product.image] = images[product.image] ?? why
        if let site = product.site { sites[site.folder] = sites[site.folder] ?? why }
    }

    /// What a run is to deploy, or has built.
    private mutating func hold(_ build: Build) {
        if let product = build.product { hold(product, "build \(build.number) is to be deployed") }
        guard let number = build.intent?.product, let release = releases.first(where: { $0.number == number }) else {
            return
        }
        hold(release.product, "build \(build.number) is to deploy v\(number) again")
    }

    /// The newest that the app could be taken back to always stays.
    private mutating func keepTargets(but givenUp: Set<UUID>) {
        var count = 0
        for release in releases where release.status == .retired && release.liveAt != nil && !holds(release.product) {
            guard count < keep else { return }
            count += 1
            if count > 1 {
                guard !givenUp.contains(release.id) else { continue }
                spare.append(release)
            }
            hold(release.product, "v\(release.number) may be rolled back to")
        }
    }

    private func reason(for product: BuildProduct) -> String? {
        if let site = product.site { return sites[site.folder] }
        return images[product.image]
    }
}
