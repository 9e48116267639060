import Commands
import Foundation
import Glibc
import Logging
import Platform
import Postgres
import Routing
import Synchronization
import TestKit
import Testing

@testable import Server

/// The commands about certificates, and the keeper that does what they ask for.
@Suite struct CertificateCommandTests {
    @Test func `a certificate is brought, serves at once, is shown, and goes again`() async throws {
        try await Fixture.with { fixture in
            let (made, chain, key) = try await fixture.selfSigned("www.shop.example")
            try await fixture.expect("certificates list shop", "shop.apps.example  shop  -            none", 0)
            try await fixture.expect(
                "certificates add shop www.shop.example", "has no host 'www.shop.example'", 1, made)
            try await fixture.expect(
                "certificates renew shop shop.apps.example", "an admin may set MARTLET_ACME_EMAIL", 1)
            try await fixture.addDomain("www.shop.example")
            try await fixture.expect("certificates add shop WWW.shop.example", "its private key is missing", 1, chain)
            let added = "'www.shop.example' is served with it, until 20"
            try await fixture.expect("certificates add shop WWW.shop.example", added, 0, made)
            try await eventually("it serves") { fixture.folder.certificate(for: "www.shop.example") != nil }
            let files = try #require(fixture.folder.certificate(for: "www.shop.example"))
            #expect(try String(contentsOfFile: files.key, encoding: .utf8) == key)
            #expect(fixture.routes >= 1)

            try await fixture.expect(
                "certificates list shop", "www.shop.example   shop  own          expiring", 0)
            try await fixture.expect("certificates list --all", "www.shop.example  shop  own", 0)
            try await fixture.expect("certificates list --all --json", "\"state\" : \"expiring\"", 0)
            try await fixture.expect("certificates list", "name an app, or give --all", 2)
            try await fixture.expect("certificates info shop www.shop.example", "issued by    CN=www.shop.example", 0)
            try await fixture.expect("certificates renew shop www.shop.example", "has an own certificate", 1)

            let blog = try await AppStore(fixture.database).create(AppName("blog"), owner: UserName("alice"))
            try await fixture.database.execute(
                """
                insert into domains (id, app_id, host, path)
                values (\(UUID()), \(blog.id), 'www.shop.example', '/blog')
                """)
            let stranger = try await fixture.caller("eve", role: nil)
            try await AccessStore(fixture.database).grant(
                .maintainer, on: blog, to: UserStore(fixture.database).named(UserName("eve")))
            try await fixture.expect(
                "certificates add blog www.shop.example", "ask an admin", 1, made, as: stranger)
            try await fixture.expect("certificates remove blog www.shop.example", "ask an admin", 1, as: stranger)
            try await fixture.expect("certificates add blog www.shop.example", added, 0, made)
            try await fixture.expect("certificates list blog", "www.shop.example", 0)

            try await fixture.expect("certificates remove shop shop.apps.example", "has no own certificate", 1)
            try await fixture.expect("certificates remove shop www.shop.example", "forgot the own certificate", 0)
            try await eventually("it is gone") { fixture.folder.certificate(for: "www.shop.example") == nil }
            try await eventually("its key is gone") { access(files.key, F_OK) != 0 }
        }
    }

    @Test func `files are read for whoever is on the machine, and those who may only deploy change nothing`()
        async throws
    {
        try await Fixture.with { fixture in
            let (_, chain, key) = try await fixture.selfSigned("shop.apps.example")
            let folder = fixture.scratch.path
            try Data(chain.utf8).write(to: URL(filePath: "\(folder)/chain.pem"))
            try Data(key.utf8).write(to: URL(filePath: "\(folder)/key.pem"))
            let words = "certificates add shop shop.apps.example --chain \(folder)/chain.pem --key \(folder)/key.pem"
            try await fixture.expect(words, "files cannot be read over ssh", 2, as: fixture.alice)
            try await fixture.expect(words, "is served with it", 0)
            try await fixture.expect("certificates add shop shop.apps.example --key x", "go together", 2)

            let bob = try await fixture.caller("bob", role: .deployer)
            try await fixture.expect("certificates list shop", "shop.apps.example  shop  own", 0, as: bob)
            for words in ["add shop shop.apps.example", "remove shop x", "renew shop shop.apps.example"] {
                try await fixture.expect("certificates \(words)", "needs the role maintainer", 1, as: bob)
            }
            try await fixture.expect("certificates list --all", "only an admin", 1, as: bob)
            let eve = try await fixture.caller("eve", role: nil)
            try await fixture.expect("certificates info shop shop.apps.example", "no app named 'shop'", 1, as: eve)
        }
    }
}

/// An installation with an app called shop, and a keeper that runs.
private struct Fixture {
    let scratch: Scratch
    let database: DatabasePool
    let folder: CertificateFolder
    let alice: Caller
    private let shop: App
    private let written = Count()
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private final class Count: Sendable {
        let value = Mutex(0)
    }

    static func with(_ body: (Fixture) async throws -> Void) async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let cluster = PrivateCluster(directory: "\(scratch.path)/postgres", logger: logger)
        let pool = DatabasePool(url: try await cluster.start(), logger: logger)
        let result: Result<Void, any Error>
        do {
            try await Migrator.migrate(pool, Schema.migrations, logger: logger)
            let fixture = try await Fixture(scratch, pool)
            let keeper = try fixture.keeper()
            await keeper.prepare()
            let running = Task { await keeper.run() }
            defer { running.cancel() }
            result = .success(try await body(fixture))
        } catch {
            result = .failure(error)
        }
        await pool.close()
        try await cluster.stop()
        try result.get()
    }

    private init(_ scratch: Scratch, _ database: DatabasePool) async throws {
        self.scratch = scratch
        self.database = database
        folder = CertificateFolder("\(scratch.path)/certificates")
        mkdir("\(scratch.path)/keys", 0o700)
        let user = try await UserStore(database).add(UserName("alice"), admin: true, key: nil)
        alice = Caller(user: user, keyFingerprint: "SHA256:x", source: "127.0.0.1")
        shop = try await AppStore(database).create(AppName("shop"), owner: user.name)
    }

    /// How often routes were written.
    var routes: Int { written.value.withLock(\.self) }

    private func keeper() throws -> CertificateKeeper {
        let configuration = try Configuration(environment: [
            "MARTLET_CONFIG": "/dev/null", "MARTLET_DATA": scratch.path,
        ])
        return CertificateKeeper(
            configuration, DataFolder(found: scratch.path), database, certificates: folder,
            webroot: "\(scratch.path)/webroot", logger: logger,
            changed: { [written] in written.value.withLock { $0 += 1 } })
    }

    func addDomain(_ host: String) async throws {
        try await database.execute("insert into domains (id, app_id, host) values (\(UUID()), \(shop.id), \(host))")
    }

    func caller(_ name: String, role: Role?) async throws -> Caller {
        let user = try await UserStore(database).add(UserName(name), admin: false, key: nil)
        if let role { try await AccessStore(database).grant(role, on: shop, to: user) }
        return Caller(user: user, keyFingerprint: "SHA256:x", source: "127.0.0.1")
    }

    /// Runs a command, which must end so and say so.
    func expect(
        _ words: String, _ text: String, _ status: Int32, _ input: String = "", as caller: Caller = .local,
        at place: SourceLocation = #_sourceLocation
    ) async throws {
        let conversation = Words(input)
        let services = CommandServices(
            database: database, feed: BuildFeed(database), secretKeys: SecretKeys(path: "\(scratch.path)/keys/secrets"),
            address: { "http://\($0)" }, checkBuildSettings: { _ in }, diagnose: { [] }, clearCache: { _ in 0 },
            certificates: CertificateServices(
                defaultHost: { "\($0).apps.example" }, isAutomatic: false,
                inspect: { try await CertificateInspector().inspect($0, for: $1) }),
            commits: CommitResolver(resolve: { _, _ in nil }, distance: { _, _, _ in nil }), baseDomain: "apps.example")
        let context = CommandContext(caller: caller, conversation: conversation, services: services)
        let ended = try await CommandLineRunner(context: context, logger: logger).run(
            words.split(separator: " ").map(String.init))
        #expect(ended == status, "\(conversation.text)", sourceLocation: place)
        #expect(conversation.text.contains(text), "\(conversation.text)", sourceLocation: place)
    }

    /// A certificate of ten days: both parts, and each.
    func selfSigned(_ host: String) async throws -> (both: String, chain: String, key: String) {
        let (chain, key) = ("\(scratch.path)/own.pem", "\(scratch.path)/own.key")
        let made = try await Command([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "10",
            "-subj", "/CN=\(host)", "-addext", "subjectAltName=DNS:\(host)", "-keyout", key, "-out", chain,
        ]).run()
        try #require(made.status == 0, "\(made)")
        let texts = try [chain, key].map { try String(contentsOfFile: $0, encoding: .utf8) }
        return (texts.joined(), texts[0], texts[1])
    }
}

/// A client that has said all beforehand.
private final class Words: Conversation {
    private let input: Mutex<[UInt8]>
    private let said = Mutex<[UInt8]>([])

    init(_ input: String) { self.input = Mutex(Array(input.utf8)) }

    /// What it was told.
    var text: String { said.withLock { String(decoding: $0, as: UTF8.self) } }

    func read() async throws -> [UInt8] {
        input.withLock { input in
            defer { input = [] }
            return input
        }
    }
    func write(_ bytes: [UInt8]) async throws { said.withLock { $0 += bytes } }
    func writeError(_ bytes: [UInt8]) async throws { said.withLock { $0 += bytes } }
}
