import Foundation
import Glibc
import Logging
import Platform
import Postgres
import Routing

/// Keeps hosts' certificates, as long as the daemon runs: when something changed, when one is due, and every 60 s.
struct CertificateKeeper: Sendable {
    private let upkeep: CertificateUpkeep
    private let store: CertificateStore
    private let certificates: CertificateFolder
    private let database: DatabasePool
    private let logger: Logger

    /// - Parameters:
    ///   - certificates: where routes find the files.
    ///   - webroot: what nginx serves `/.well-known/acme-challenge/` from.
    ///   - changed: writes the routes anew.
    init(
        _ configuration: Configuration, _ folder: DataFolder, _ database: DatabasePool, certificates: CertificateFolder,
        webroot: String, logger: Logger, changed: @escaping @Sendable () async throws -> Void
    ) {
        store = CertificateStore(database, keys: folder.secretKeys)
        self.certificates = certificates
        self.database = database
        self.logger = logger
        upkeep = CertificateUpkeep(
            store: store, folder: certificates, settings: configuration.acme, legoFolder: folder.acme,
            webroot: webroot, baseDomain: configuration.baseDomain, defaultHost: configuration.defaultHost,
            changed: changed, logger: logger)
    }

    /// Puts the files where routes find them, as they were before the last stop: to be called before nginx is started and
    /// before the first routes are written, which would be without TLS otherwise.
    func prepare() async {
        do {
            try await certificates.load(from: store)
        } catch {
            logger.error("hosts are without their certificates", metadata: ["error": "\(error)"])
        }
    }

    /// Ends with its task.
    func run() async {
        let (wakes, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let (turns, turn) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await withTaskGroup { group in
            group.addTask { for await _ in database.listen([Wake.channel]) { waker.yield() } }
            group.addTask {
                while !Task.isCancelled {
                    waker.yield()
                    _ = try? await Task.sleep(for: .seconds(60))
                }
            }
            // An authority may take minutes for one; what somebody brings meanwhile need not wait for that.
            group.addTask {
                for await _ in turns {
                    await attempt("get certificates") {
                        while try await upkeep.obtainNext() { waker.yield() }
                    }
                }
            }
            for await _ in wakes {
                await attempt("keep certificates") { try await upkeep.refresh() }
                turn.yield()
            }
            group.cancelAll()
        }
    }

    private func attempt(_ what: String, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch  where Task.isCancelled {
            // The daemon stops; the next one begins where this one ended.
        } catch {
            logger.error("cannot look after certificates", metadata: ["task": "\(what)", "error": "\(error)"])
        }
    }
}
