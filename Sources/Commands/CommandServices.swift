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
    let commits: CommitResolver
    let baseDomain: String
    let allowances: Allowances
    let certificates: CertificateServices
    let upkeep: UpkeepServices

    /// - Parameters:
    ///   - secretKeys: those that seal config variables.
    ///   - address: the address at which people reach an app.
    ///   - checkBuildSettings: throws why a text is no `build` block.
    ///   - clearCache: forgets what an app's builds keep, and tells how many bytes that were.
    ///   - diagnose: finds out how the server and what it needs are.
    ///   - commits: asks apps' repositories.
    ///   - baseDomain: the one whose hosts the server gives to apps by itself.
    ///   - upkeep: what is done to the machine.
    ///   - allowances: what people may do who are no admins.
    package init(
        database: DatabasePool, feed: BuildFeed, secretKeys: SecretKeys,
        address: @escaping @Sendable (AppName) -> String,
        checkBuildSettings: @escaping @Sendable (String) throws -> Void,
        diagnose: @escaping @Sendable () async -> [Diagnosis],
        clearCache: @escaping @Sendable (App) async throws -> Int,
        certificates: CertificateServices, upkeep: UpkeepServices = .none,
        commits: CommitResolver, baseDomain: String, allowances: Allowances = Allowances()
    ) {
        self.database = database
        self.feed = feed
        self.secretKeys = secretKeys
        self.address = address
        self.checkBuildSettings = checkBuildSettings
        self.diagnose = diagnose
        self.clearCache = clearCache
        self.commits = commits
        self.baseDomain = baseDomain
        self.allowances = allowances
        self.certificates = certificates
        self.upkeep = upkeep
    }
}
