import Foundation
import Glibc
import Logging
import Testing
import Threads

@testable import Postgres

/// A private cluster in a scratch folder, for the tests of one suite.
struct TestCluster: Sendable {
    let cluster: PrivateCluster
    let scratch: String
    let url: String

    var directory: String { scratch + "/postgres" }

    @TaskLocal static var current: TestCluster?

    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    static func makeScratch() throws -> String {
        var template = Array("/tmp/martlet-pg-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXError(.EIO) }
        chmod(template, 0o755)
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Runs `body` with a cluster that is stopped and removed afterwards.
    static func with(_ body: (TestCluster) async throws -> Void) async throws {
        let scratch = try makeScratch()
        try leaveInterruptedStart(in: scratch + "/postgres")
        let cluster = PrivateCluster(directory: scratch + "/postgres", logger: logger)
        let outcome: Result<Void, any Error>
        do {
            try await body(TestCluster(cluster: cluster, scratch: scratch, url: cluster.start()))
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        try await cluster.stop()
        try FileManager.default.removeItem(atPath: scratch)
        try outcome.get()
    }

    /// Leaves what an `initdb` that was killed leaves.
    private static func leaveInterruptedStart(in directory: String) throws {
        let files = ClusterFiles(directory: directory)
        let account = try ClusterAccount.current()
        try files.make(for: account)
        try files.makeUnfinishedCluster(for: account)
        let version = files.unfinishedCluster + "/PG_VERSION"
        try "15".write(toFile: version, atomically: false, encoding: .utf8)
        chown(version, account.user, account.group)
    }

    /// Runs `body` with a pool whose tables are in a schema of their own, and the pool's URL.
    static func withPoolAndURL(
        size: Int = 4, waitLimit: Duration = .seconds(10), _ body: (DatabasePool, String) async throws -> Void
    ) async throws {
        let url = try #require(current).url
        let schema = "t" + UUID().uuidString.replacing("-", with: "").lowercased()
        let own = url + " options='-c search_path=\(schema)'"
        let pool = DatabasePool(url: own, size: size, waitLimit: waitLimit, logger: logger)
        try await pool.execute("create schema \(unescaped: schema)")
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body(pool, own))
        } catch {
            outcome = .failure(error)
        }
        await pool.close()
        let cleaner = DatabasePool(url: url, size: 1, logger: logger)
        try await cleaner.execute("drop schema \(unescaped: schema) cascade")
        await cleaner.close()
        try outcome.get()
    }

    static func withPool(
        size: Int = 4, waitLimit: Duration = .seconds(10), _ body: (DatabasePool) async throws -> Void
    ) async throws {
        try await withPoolAndURL(size: size, waitLimit: waitLimit) { pool, _ in try await body(pool) }
    }

    /// The process ID of the running server.
    var serverID: pid_t {
        get throws {
            let text = try String(contentsOfFile: directory + "/cluster/postmaster.pid", encoding: .utf8)
            return try #require(pid_t(text.split(whereSeparator: \.isNewline)[0]))
        }
    }
}

/// Gives a suite a cluster of its own, in `TestCluster.current`.
struct ClusterTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await TestCluster.with { cluster in
            try await TestCluster.$current.withValue(cluster) { try await function() }
        }
    }
}

extension Trait where Self == ClusterTrait {
    static var cluster: ClusterTrait { ClusterTrait() }
}

/// The tests that share one cluster and leave it running.
@Suite(.cluster) enum SharedClusterTests {}

/// Checks `condition` every few milliseconds, for 5 s at most. For what has no event to wait for.
func eventually(_ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(5)
    while try await !condition() {
        try #require(ContinuousClock.now < deadline, "it did not happen within 5 s")
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// The error that `body` throws.
func failure(_ body: () async throws -> Void) async throws -> DatabaseError {
    do {
        try await body()
    } catch let error as DatabaseError {
        return error
    }
    throw Unexpected.success
}

enum Unexpected: Error { case success }
