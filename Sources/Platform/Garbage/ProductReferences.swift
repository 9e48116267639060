package import Foundation
import Postgres

/// Everything by which the images and sites of one app are referred to.
package struct ProductReferences: Sendable {
    /// All releases, newest first; without their config.
    package var releases: [Release]
    /// The IDs of releases of which some process has not ended.
    package var busy: Set<UUID>
    /// The builds and runs that have not ended.
    package var unfinished: [Build]
    /// What was built last, and what was built of the commits of those that have not ended, by build number.
    package var products: [Int: BuildProduct]

    package init(
        releases: [Release], busy: Set<UUID> = [], unfinished: [Build] = [], products: [Int: BuildProduct] = [:]
    ) {
        self.releases = releases
        self.busy = busy
        self.unfinished = unfinished
        self.products = products
    }
}
