import FoundationEssentials
import Glibc

/// The folder of a private nginx, and the files in it.
struct NginxFolder: Sendable {
    /// Absolute, without links.
    let path: String
    /// The user that nginx's workers become; nil when they stay who we are.
    let user: String?
    /// Where nginx puts what is too large for its memory.
    let temporary: String
    /// Below which everything is that nginx's workers read: our own folder, if they can enter it.
    private let served: String

    /// Makes the folder if need be.
    ///
    /// - Throws: `RoutingError` when it cannot be made, or has a name that nginx would read otherwise.
    init(_ directory: String) throws(RoutingError) {
        let operation = "keep nginx's files in '\(directory)'"
        guard !directory.utf8.contains(where: { $0 < 32 || "\"'\\$#;{}*?[]".utf8.contains($0) }) else {
            throw RoutingError(
                operation: operation,
                reason: "nginx does not take a folder of that name; set MARTLET_DATA to a plain one")
        }
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw RoutingError(operation: operation, reason: "\(error)")
        }
        guard let real = realpath(directory, nil) else {
            throw RoutingError(operation: operation, reason: String(cString: strerror(errno)).lowercased())
        }
        defer { free(real) }
        path = String(cString: real)
        // A unix socket's name has 108 bytes, the last of them zero.
        guard path.utf8.count + "/control.sock".utf8.count < 108 else {
            throw RoutingError(
                operation: operation,
                reason: "its path is too long for a unix socket; set MARTLET_DATA to a shorter one")
        }
        chmod(path, 0o711)
        user = geteuid() == 0 ? "www-data" : nil
        // Below a private folder, such as root's home, workers cannot reach ours; the package's own belongs to them.
        temporary = user == nil || Self.isOpen(path) ? path + "/temporary" : "/var/lib/nginx"
        if temporary != "/var/lib/nginx" { mkdir(temporary, 0o711) }
        served = temporary == "/var/lib/nginx" ? "/run/martlet-\(NginxText.hash(path))" : path
        mkdir(certificates, 0o700)
        let answers = [challenges, "\(challenges)/.well-known", "\(challenges)/.well-known/acme-challenge"]
        for folder in [served, pages, visitors] + answers {
            mkdir(folder, 0o711)
            // Whatever the umask.
            chmod(folder, 0o711)
        }
    }

    var configuration: String { "\(path)/nginx.conf" }
    /// The next configuration, until nginx has taken it for good.
    var candidate: String { "\(path)/nginx.conf.next" }
    /// What the configuration was last rendered from, once it was in force.
    var routes: String { "\(path)/routes.json" }
    /// The folder of private keys and certificates, for nginx's master alone.
    var certificates: String { "\(path)/certificates" }
    /// The folder of maintenance pages.
    var pages: String { "\(served)/pages" }
    /// The folder of visitors' names and hashes.
    var visitors: String { "\(served)/visitors" }
    /// The folder of what certificate authorities ask for.
    var challenges: String { "\(served)/challenges" }
    /// Where sites answer that share their host with others, or are not for everybody.
    var siteSocket: String { "\(served)/sites.sock" }
    var pidFile: String { "\(path)/nginx.pid" }
    /// Answers which configuration is in force.
    var controlSocket: String { "\(path)/control.sock" }
    var errorLog: String { "\(path)/error.log" }
    var accessLog: String { "\(path)/access.log" }

    /// Starts new log files where one is larger than `limit` bytes, keeping one old file each; nginx must then be
    /// reloaded.
    ///
    /// - Returns: whether one was.
    func rotateLogs(beyond limit: Int) -> Bool {
        var rotated = false
        for log in [errorLog, accessLog] {
            var status = stat()
            guard stat(log, &status) == 0, status.st_size > limit else { continue }
            rotated = rename(log, log + ".1") == 0 || rotated
        }
        return rotated
    }

    /// Whether everybody may pass through a folder and all above it.
    static func isOpen(_ path: String) -> Bool {
        var folder = Substring(path)
        while !folder.isEmpty {
            var status = stat()
            guard stat(String(folder), &status) == 0, status.st_mode & 0o001 != 0 else { return false }
            folder = folder[..<(folder.lastIndex(of: "/") ?? folder.startIndex)]
        }
        return true
    }
}
