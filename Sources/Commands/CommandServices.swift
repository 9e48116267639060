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

    /// - Parameters:
    ///   - secretKeys: those that seal config variables.
    ///   - address: the address at which people reach an app.
    ///   - checkBuildSettings: throws why a text is no `build` block.
    ///   - diagnose: finds out how the server and what it needs are.
    package init(
        database: DatabasePool, feed: BuildFeed, secretKeys: SecretKeys, address: @escaping @Sendable (AppName) -> String,
        checkBuildSettings: @escaping @Sendable (String) throws -> Void,
        diagnose: @escaping @Sendable () async -> [Diagnosis]
    ) {
        self.database = database
        self.feed = feed
        self.secretKeys = secretKeys
        self.address = address
        self.checkBuildSettings = checkBuildSettings
        self.diagnose = diagnose
    }
}
