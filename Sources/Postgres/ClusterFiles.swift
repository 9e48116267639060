import FoundationEssentials
import Glibc

/// The folder of a private cluster. Only `cluster`, `run` and `log` belong to the account that the server runs as, so
/// that it cannot lead us to write elsewhere.
struct ClusterFiles: Sendable {
    let directory: String

    var cluster: String { directory + "/cluster" }
    var unfinishedCluster: String { directory + "/cluster.new" }
    var socketDirectory: String { directory + "/run" }
    var socket: String { socketDirectory + "/.s.PGSQL.5432" }
    var log: String { directory + "/log" }
    var configuration: String { directory + "/postgresql.conf" }

    /// Refuses a path that a socket address, a setting or the command line of `pg_ctl` cannot hold.
    func checkPath() throws(DatabaseError) {
        if directory.contains(where: { "'\"`$\\,".contains($0) || $0.isNewline }) {
            throw failure("the path has a quote, comma, '$' or '\\'; set MARTLET_DATA to a plain path")
        }
        let length = socket.utf8.count
        if length >= 107 {
            throw failure("its socket's path has \(length) bytes, more than 106; set MARTLET_DATA to a shorter path")
        }
    }

    /// Makes what is missing and sets owners and modes.
    func make(for account: ClusterAccount) throws(DatabaseError) {
        try makeDirectory(directory, mode: account.isOther ? 0o750 : 0o700, owner: geteuid(), group: account.group)
        try makeDirectory(socketDirectory, mode: 0o700, owner: account.user, group: account.group)
        let descriptor = open(log, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw systemFailure(log) }
        defer { close(descriptor) }
        guard fchown(descriptor, account.user, account.group) == 0 else { throw systemFailure(log) }
    }

    /// Makes the folder that `initdb` fills.
    func makeUnfinishedCluster(for account: ClusterAccount) throws(DatabaseError) {
        try makeDirectory(unfinishedCluster, mode: 0o700, owner: account.user, group: account.group)
    }

    /// Waits for the lock of the folder, which one start holds at a time. Closing the descriptor lets go of it.
    func lock() throws(DatabaseError) -> Int32 {
        let path = directory + "/lock"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0, flock(descriptor, LOCK_EX) == 0 else { throw systemFailure(path) }
        return descriptor
    }

    /// The major version of the cluster; nil when there is none.
    func version() throws(DatabaseError) -> Int? {
        let path = cluster + "/PG_VERSION"
        guard access(cluster, F_OK) == 0 else { return nil }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8),
            let version = Int(text.split(whereSeparator: \.isWhitespace).first ?? "")
        else { throw failure("'\(path)' does not hold a version; '\(cluster)' is not a PostgreSQL cluster") }
        return version
    }

    /// Writes the server's settings and who may connect: this program by its account, workers by their passwords.
    func writeConfiguration(for account: ClusterAccount) throws(DatabaseError) {
        try write(settings, to: configuration, account)
        try write(
            """
            local all martlet peer map=martlet
            local all postgres peer map=martlet
            local martlet +martlet_workers scram-sha-256

            """, to: directory + "/pg_hba.conf", account)
        let map = account.clients.flatMap { ["martlet \"\($0)\" martlet", "martlet \"\($0)\" postgres"] }
        try write(map.joined(separator: "\n") + "\n", to: directory + "/pg_ident.conf", account)
    }

    func connectionString(user: String, database: String) -> String {
        "host='\(socketDirectory)' port=5432 user=\(user) dbname=\(database)"
    }

    /// The size of the log, to tell later what is new in it.
    func logSize() -> Int {
        var status = stat()
        return stat(log, &status) == 0 ? Int(status.st_size) : 0
    }

    /// The last lines of the 64 KiB that follow the first `start` bytes of the log, on one line; empty without them.
    func logTail(after start: Int) -> String {
        let descriptor = open(log, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = pread(descriptor, &bytes, bytes.count, start)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).suffix(5).joined(separator: "; ")
    }

    /// `terse` keeps the values of violated keys out of the log.
    private var settings: String {
        """
        # Written by martlet at each start; ALTER SYSTEM changes settings for good.
        hba_file = '\(directory)/pg_hba.conf'
        ident_file = '\(directory)/pg_ident.conf'
        listen_addresses = ''
        port = 5432
        unix_socket_directories = '\(socketDirectory)'
        unix_socket_permissions = 0700
        max_connections = 100
        shared_buffers = 32MB
        max_wal_size = 256MB
        fsync = on
        jit = off
        timezone = 'UTC'
        log_timezone = 'UTC'
        password_encryption = 'scram-sha-256'
        log_error_verbosity = terse
        log_line_prefix = '%m [%p] '
        cluster_name = 'martlet'

        """
    }

    private func makeDirectory(_ path: String, mode: mode_t, owner: uid_t, group: gid_t) throws(DatabaseError) {
        guard mkdir(path, mode) == 0 || errno == EEXIST else { throw systemFailure(path) }
        var status = stat()
        guard lstat(path, &status) == 0 else { throw systemFailure(path) }
        guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == owner || status.st_uid == geteuid() else {
            throw failure("'\(path)' exists and is not a folder of ours; move it away")
        }
        guard lchown(path, owner, group) == 0, chmod(path, mode) == 0 else { throw systemFailure(path) }
    }

    private func write(_ text: String, to path: String, _ account: ClusterAccount) throws(DatabaseError) {
        let new = path + ".new"
        let descriptor = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw systemFailure(new) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count,
            fchown(descriptor, geteuid(), account.group) == 0, fchmod(descriptor, 0o640) == 0, rename(new, path) == 0
        else { throw systemFailure(path) }
    }

    private func systemFailure(_ path: String) -> DatabaseError {
        failure("'\(path)': \(String(cString: strerror(errno)))")
    }

    func failure(_ reason: String) -> DatabaseError {
        DatabaseError(operation: "prepare the private database '\(directory)'", reason: reason)
    }
}
