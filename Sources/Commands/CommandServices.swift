package import Platform
package import Postgres

/// What the server gives to every command, whoever runs it.
package struct CommandServices: Sendable {
    let database: DatabasePool
    let feed: BuildFeed
    let secretKeys: SecretKeys
    let address: @Sendable (AppName) -> String
    let checkBuildSettings: @Sendable (String) throws -> Void
    let diagnose: @Sendable () async -> [Diagnosis]
    let clearCache: @Sendable (App) async throws -> Int

    /// - Parameters:
    ///   - secretKeys: those that seal config variables.
    ///   - address: the address at which people reach an app.
    ///   - checkBuildSettings: throws why a text is no `build` block.
    ///   - clearCache: forgets what an app's builds keep, and tells how many bytes that were.
    ///   - diagnose: finds out how the server and what it needs are.
    package init(
        database: DatabasePool, feed: BuildFeed, secretKeys: SecretKeys,
        address: @escaping @Sendable (AppName) -> String,
        checkBuildSettings: @escaping @Sendable (String) throws -> Void,
        diagnose: @escaping @Sendable () async -> [Diagnosis],
        clearCache: @escaping @Sendable (App) async throws -> Int
    ) {
        self.database = database
        self.feed = feed
        self.secretKeys = secretKeys
        self.address = address
        self.checkBuildSettings = checkBuildSettings
        self.diagnose = diagnose
        self.clearCache = clearCache
    }
}
