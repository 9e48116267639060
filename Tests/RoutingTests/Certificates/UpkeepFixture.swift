import Foundation
import Logging
import Platform
import Postgres
import Synchronization
import TestKit
import Testing

@testable import Routing

/// An installation with an app called shop, whose certificates are looked after.
struct UpkeepFixture: Sendable {
    let scratch: Scratch
    let database: DatabasePool
    let store: CertificateStore
    let folder: CertificateFolder
    let shop: App
    let authority: Authority
    let web: Webroot
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    /// For each time that routes were written: the files that they were written with.
    private let written = Written()

    private final class Written: Sendable {
        let hosts = Mutex<[String?]>([])
    }

    static func with(_ body: (UpkeepFixture) async throws -> Void) async throws {
        let (authority, web) = try #require(AuthorityTrait.current, "the suite has no trait '.authority'")
        let scratch = try Scratch()
        defer { scratch.remove() }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let cluster = PrivateCluster(directory: "\(scratch.path)/postgres", logger: logger)
        let pool = DatabasePool(url: try await cluster.start(), logger: logger)
        let result: Result<Void, any Error>
        do {
            try await Migrator.migrate(pool, Schema.migrations, logger: logger)
            result = .success(try await body(UpkeepFixture(scratch, pool, authority, web)))
        } catch {
            result = .failure(error)
        }
        await pool.close()
        try await cluster.stop()
        try result.get()
    }

    private init(_ scratch: Scratch, _ database: DatabasePool, _ authority: Authority, _ web: Webroot) async throws {
        self.scratch = scratch
        self.database = database
        store = CertificateStore(database, keys: SecretKeys(path: "\(scratch.path)/secrets"))
        folder = CertificateFolder("\(scratch.path)/certificates")
        let alice = try await UserStore(database).add(UserName("alice"), admin: true, key: nil)
        shop = try await AppStore(database).create(AppName("shop"), owner: alice.name)
        self.authority = authority
        self.web = web
    }

    func addDomain(_ host: String) async throws {
        try await database.execute(
            "insert into domains (id, app_id, host) values (\(UUID()), \(shop.id), \(host))")
    }

    /// What looks after certificates.
    ///
    /// - Parameters:
    ///   - email: another one is another account, which the authority does not know yet.
    ///   - webroot: nil for the one that the authority reads.
    func upkeep(
        email: String = "admin@shop.example", webroot: String? = nil, dns: ACMESettings.DNS? = nil
    ) -> CertificateUpkeep {
        CertificateUpkeep(
            store: store, folder: folder,
            settings: ACMESettings(
                email: email, directory: authority.directory, rootsFile: authority.rootsFile, dns: dns),
            legoFolder: "\(scratch.path)/acme",
            webroot: webroot ?? web.path, baseDomain: "apps.example",
            defaultHost: { "\($0).apps.example" },
            changed: { [folder, written] in
                written.hosts.withLock { $0.append(folder.certificate(for: "www.shop.example")?.chain) }
            }, logger: logger)
    }

    /// The chains with which routes were written, first to last; nil where the host had none.
    var routes: [String?] { written.hosts.withLock(\.self) }

    /// Gets all that is due, and puts it in force.
    func settle(_ upkeep: CertificateUpkeep) async throws {
        try await upkeep.refresh()
        while try await upkeep.obtainNext() { try await upkeep.refresh() }
    }
}
