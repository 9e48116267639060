import Foundation
import Logging
import Platform
import Postgres
import TestKit
import Testing

@testable import Commands

/// Where people give commands: `alice` is an admin, `bob` owns the app `shop`, which `vera` may view and `dan` deploy to, and
/// `carol` owns `cafe`. The repository of `shop` has the branches `main` and `feature`.
struct Desk: Sendable {
    /// What a command said, and how it ended.
    struct Answer: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    /// A conversation in memory.
    private actor Memory: Conversation {
        private var input: [UInt8]
        private(set) var output: [UInt8] = []
        private(set) var errors: [UInt8] = []

        init(_ input: String) { self.input = Array(input.utf8) }

        func read() async throws -> [UInt8] {
            defer { input = [] }
            return input
        }

        func write(_ bytes: [UInt8]) async throws { output += bytes }

        func writeError(_ bytes: [UInt8]) async throws { errors += bytes }
    }

    static let main = String(repeating: "a", count: 40)
    static let feature = String(repeating: "f", count: 40)

    let database: DatabasePool
    let shop: App
    let cafe: App
    private let scratch: Scratch
    private let feed: BuildFeed
    private let users: [String: User]

    /// Does something at a new desk.
    static func with(_ body: (Desk) async throws -> Void) async throws {
        let desk = try await Desk()
        do {
            try await body(desk)
        } catch {
            await desk.close()
            throw error
        }
        await desk.close()
    }

    private init() async throws {
        database = try #require(CommandDatabase.current, "the suite has no trait '.database'")
        _ = try await database.execute("truncate users, workers, removals, events cascade")
        scratch = try Scratch()
        feed = BuildFeed(database)
        let (store, apps) = (UserStore(database), AppStore(database))
        var users: [String: User] = [:]
        for name in ["alice", "bob", "carol", "dan", "vera"] {
            users[name] = try await store.add(UserName(name), admin: name == "alice", key: nil)
        }
        self.users = users
        shop = try await apps.create(AppName("shop"), owner: UserName("bob"))
        cafe = try await apps.create(AppName("cafe"), owner: UserName("carol"))
        let access = AccessStore(database)
        try await access.grant(.viewer, on: shop, to: #require(users["vera"]))
        try await access.grant(.deployer, on: shop, to: #require(users["dan"]))
    }

    private func close() async {
        await feed.close()
        scratch.remove()
    }

    var builds: BuildStore { BuildStore(database) }
    var releases: ReleaseStore { ReleaseStore(database) }
    var config: ConfigStore { ConfigStore(database, keys: SecretKeys(path: "\(scratch.path)/secrets")) }

    /// Runs a command line; words are separated by blanks.
    @discardableResult
    func run(_ line: String, as name: String = "bob", input: String = "") async throws -> Answer {
        let conversation = Memory(input)
        let caller = Caller(user: try #require(users[name]), keyFingerprint: "SHA256:x", source: "10.0.0.1")
        let context = CommandContext(caller: caller, conversation: conversation, services: services)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let status = try await CommandLineRunner(context: context, logger: logger)
            .run(line.split(separator: " ").map(String.init))
        return Answer(
            status: status, output: String(decoding: await conversation.output, as: UTF8.self),
            errors: String(decoding: await conversation.errors, as: UTF8.self))
    }

    private var services: CommandServices {
        CommandServices(
            database: database, feed: feed, secretKeys: SecretKeys(path: "\(scratch.path)/secrets"),
            address: { "http://\($0).apps.example" }, checkBuildSettings: { _ in }, diagnose: { [] },
            clearCache: { _ in 0 },
            certificates: CertificateServices(
                defaultHost: { "\($0).apps.example" }, isAutomatic: false,
                inspect: { _, _ in throw Refusal("there is no certificate here") }),
            upkeep: upkeep,
            commits: CommitResolver(
                resolve: { _, text in
                    switch text {
                    case "main": ("main", Self.main)
                    case "feature": ("feature", Self.feature)
                    case Self.feature.prefix(7): (nil, Self.feature)
                    default: nil
                    }
                },
                distance: { _, _, _ in (2, 1) }),
            baseDomain: "apps.example", allowances: Allowances(ports: 7000...7010, memoryBytes: (16 << 20)...(1 << 30)))
    }

    /// Nothing but what can be told from the app's name.
    private var upkeep: UpkeepServices {
        UpkeepServices(
            collect: { app, isDry in
                ["1", "2"].map { number in
                    GarbageEntry(
                        app: app.map { "\($0.name)" } ?? "every", kind: .image, name: "build-\(number)", bytes: 1536,
                        isKept: number == "2", reason: isDry ? "dry" : "wet")
                }
            },
            drift: { $0.map { [Drift(.process, "web.1", app: "\($0.name)", "is wanted and does not run")] } ?? [] },
            archive: { AppArchive(path: "/archives/\($0.name).tar", bytes: 2048) },
            routing: { app, _ in app.name.description == "cafe" ? ["port 7001/tcp is in use"] : [] },
            checkRouting: { _, settings, _ in
                if settings?.snippet?.contains("no_such") == true { throw Refusal("nginx does not take it") }
            }, portObstacle: { $0.port == 7009 ? "somebody has it" : nil })
    }

    static var product: BuildProduct {
        BuildProduct(
            method: "command", image: "sha256:1",
            processes: [.init(type: "web", shell: "serve"), .init(type: "worker", shell: "work")])
    }

    /// Makes the next release of `shop` with today's config, in that state.
    @discardableResult
    func release(
        _ status: Release.Status = .live, _ product: BuildProduct = Desk.product, commit: String = Desk.main
    ) async throws -> Release {
        let build = try await builds.enqueue(BuildRequest(branch: "main", commit: commit, user: "bob"), for: shop)
        #expect(try await builds.startDeploying(build, product: product))
        let release = try await releases.create(from: build, product: product, updates: "") {
            try await config.snapshot(of: shop, in: $0)
        }
        if status == .live {
            #expect(try await releases.move(release, from: .starting, to: .switching))
            try await releases.goLive(release, .init(drain: { _, _ in 0 }, guardUntil: nil))
        } else {
            #expect(try await releases.move(release, from: .starting, to: status))
        }
        try await builds.finish(build, status == .failed ? .failed : .succeeded, reason: nil)
        return try await releases.find(release.number, of: shop)
    }

    /// The run of `shop` that waits; nil when none does.
    func waiting() async throws -> Build? {
        try await builds.list(of: shop, limit: 1).first.flatMap { $0.status == .queued ? $0 : nil }
    }

    /// What the run that waits is to do. It is gone then, and nothing came of it.
    func takeIntent() async throws -> DeployIntent? {
        guard let build = try await waiting() else { return nil }
        try await builds.finish(build, .cancelled, reason: nil)
        return build.intent
    }
}
