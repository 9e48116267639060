package import Platform

/// Answers questions about the commits of apps' repositories.
package struct CommitResolver: Sendable {
    /// The commit that is meant by a branch, a tag or an object ID, and the branch where it is one; nil when there is none.
    package let resolve: @Sendable (App, String) async throws -> (branch: String?, commit: String)?
    /// How many commits lead to the second but not to the first, and the other way round; nil when one is missing.
    package let distance: @Sendable (App, String, String) async throws -> (ahead: Int, behind: Int)?

    package init(
        resolve: @escaping @Sendable (App, String) async throws -> (branch: String?, commit: String)?,
        distance: @escaping @Sendable (App, String, String) async throws -> (ahead: Int, behind: Int)?
    ) {
        self.resolve = resolve
        self.distance = distance
    }
}
