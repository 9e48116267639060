import FoundationEssentials
import Glibc
package import Logging
import Threads

/// A PostgreSQL server of our own in a folder: reached by its unix socket alone, and only by this process's user (and
/// `postgres`, as whom it runs when this process is root). It outlives this process; the next start adopts it.
///
/// The folder holds `cluster` (the data), `run` (the socket), `log`, and the configuration, which each start writes
/// anew; `ALTER SYSTEM` changes settings for good.
package struct PrivateCluster: Sendable {
    private let files: ClusterFiles
    private let logger: Logger

    /// Touches nothing yet.
    ///
    /// - Parameter directory: the folder; made if missing, in a parent that exists.
    package init(directory: String, logger: Logger) {
        files = ClusterFiles(directory: URL(fileURLWithPath: directory).standardizedFileURL.path)
        self.logger = logger
    }

    /// Makes the cluster if there is none, starts it unless it runs, and makes its role and database `martlet`.
    /// Returns the connection string of that database. Takes a second the first time, else 0.2 s.
    ///
    /// - Throws: `DatabaseError` that says what to do: no server programs, a folder that `postgres` cannot reach, a
    ///   path too long for a socket, or what the server wrote to its log.
    package func start() async throws(DatabaseError) -> String {
        try await onOwnThread { () throws(DatabaseError) in try startNow() }
    }

    /// The connection string that `start` returns for a cluster in that folder, whether it runs or not.
    package static func address(in directory: String) -> String {
        ClusterFiles(directory: URL(fileURLWithPath: directory).standardizedFileURL.path)
            .connectionString(user: "martlet", database: "martlet")
    }

    /// Stops the server and disconnects everybody. Does nothing when it does not run.
    ///
    /// - Throws: `DatabaseError` when it does not stop within 60 s.
    package func stop() async throws(DatabaseError) {
        try await onOwnThread { () throws(DatabaseError) in
            guard let server = try existingServer(), try server.isRunning() else { return }
            try server.stop()
            logger.notice("stopped the private database", metadata: ["directory": "\(files.directory)"])
        }
    }

    /// Whether the server runs, whoever started it.
    ///
    /// - Throws: `DatabaseError` when its programs are missing.
    package func isRunning() async throws(DatabaseError) -> Bool {
        try await onOwnThread { () throws(DatabaseError) in try existingServer()?.isRunning() ?? false }
    }

    private func startNow() throws(DatabaseError) -> String {
        try files.checkPath()
        let account = try ClusterAccount.current()
        try files.make(for: account)
        let lock = try files.lock()
        defer { close(lock) }
        try account.checkReach(of: files.directory)
        let server = ClusterServer(files: files, account: account, programs: try .find(version: files.version()))
        if try files.version() == nil {
            try server.initialize()
            logger.notice("made a private database", metadata: ["directory": "\(files.directory)"])
        }
        try files.writeConfiguration(for: account)
        let (session, adopted) = try connect(to: server)
        // One found running may have been started by an older program, with other settings.
        if adopted { try session.run(script: "select pg_reload_conf()", Cancellation(try Wakeup())) }
        try makeDatabase(session)
        logger.notice(
            adopted ? "found the private database running" : "started the private database",
            metadata: ["directory": "\(files.directory)"])
        return Self.address(in: files.directory)
    }

    /// The server of the folder; nil while there is none.
    private func existingServer() throws(DatabaseError) -> ClusterServer? {
        guard let version = try files.version() else { return nil }
        return ClusterServer(files: files, account: try .current(), programs: try .find(version: version))
    }

    /// Connects as the superuser, starting the server unless it runs. One found running may still be starting, or be
    /// about to vanish: tries for 30 s.
    private func connect(to server: ClusterServer) throws(DatabaseError) -> (session: Session, adopted: Bool) {
        let deadline = ContinuousClock.now + .seconds(30)
        var adopted = true
        while true {
            if try !server.isRunning() {
                try server.start()
                adopted = false
            }
            do throws(DatabaseError) {
                let url = files.connectionString(user: "postgres", database: "postgres")
                return (try Session(url: url, wakeup: try Wakeup()), adopted)
            } catch {
                guard ContinuousClock.now < deadline else { throw error }
                usleep(50_000)
            }
        }
    }

    /// The role owns its database and may do nothing else; the superuser is `postgres`.
    private func makeDatabase(_ session: Session) throws(DatabaseError) {
        let cancellation = Cancellation(try Wakeup())
        let steps: [(exists: Query, make: String)] = [
            ("select 1 from pg_roles where rolname = 'martlet'", "create role martlet login"),
            ("select 1 from pg_database where datname = 'martlet'", "create database martlet owner martlet"),
        ]
        for step in steps {
            try session.prepare(step.exists, as: "", cancellation)
            if try session.execute(step.exists, as: "", cancellation).affected == 0 {
                try session.run(script: step.make, cancellation)
            }
        }
    }
}
