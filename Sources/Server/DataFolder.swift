import Build
import Foundation
import Glibc
import Hooks
import Platform

/// The folder that holds everything Martlet keeps on disk.
struct DataFolder: Sendable {
    let path: String

    /// Why the folder cannot be used, and what to do.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// The folder as it is, be it there or not.
    init(found path: String) { self.path = path }

    /// The folder, made if need be with its sub-folders.
    ///
    /// - Throws: `Problem` when it cannot be made.
    init(_ path: String) throws(Problem) {
        self.path = path
        let isNew = !FileManager.default.fileExists(atPath: path)
        for folder in [
            path, "\(path)/repositories", "\(path)/contexts", "\(path)/cache", "\(path)/keys", "\(path)/sites",
        ]
            + HookKind.allCases.map({ "\(path)/hooks/\($0.folderName)" })
        {
            do {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            } catch {
                throw Problem(
                    description:
                        "cannot make the folder '\(folder)': \(String(cString: strerror(errno))); set MARTLET_DATA to one you may write to"
                )
            }
        }
        // Others may pass through to nginx's and PostgreSQL's parts, but read nothing else. A folder that was there before
        // keeps its mode: it may be anything.
        if isNew { chmod(path, 0o711) }
        for folder in ["repositories", "contexts", "cache", "keys", "hooks"] { chmod("\(path)/\(folder)", 0o700) }
        chmod(sites, 0o711)
    }

    var repositories: String { "\(path)/repositories" }
    var contexts: String { "\(path)/contexts" }
    /// What apps keep from build to build.
    var cache: String { "\(path)/cache" }
    var buildCaches: BuildCaches { BuildCaches(folder: cache) }
    /// The files of static sites, which nginx reads.
    var sites: String { "\(path)/sites" }
    /// What was kept of destroyed apps.
    var archives: String { "\(path)/archives" }
    var keys: String { "\(path)/keys" }
    var secretKeys: SecretKeys { SecretKeys(path: "\(keys)/secrets") }
    var hooks: HookFolder { HookFolder("\(path)/hooks") }
    var postgres: String { "\(path)/postgres" }
    var nginx: String { "\(path)/nginx" }
    var pidFile: String { "\(path)/martlet.pid" }

    /// Makes this process the only daemon on the folder, until it ends.
    ///
    /// - Throws: `Problem` when another one runs.
    func lock() throws(Problem) {
        let descriptor = open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Problem(
                description:
                    "cannot write to '\(path)': \(String(cString: strerror(errno))); set MARTLET_DATA to a folder you may write to"
            )
        }
        // The descriptor stays open on purpose: the lock ends with the process, however that ends.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw Problem(
                description:
                    "another martlet serves '\(path)'; stop it with 'make down', or set MARTLET_DATA to another folder")
        }
        try? FileManager.default.removeItem(atPath: pidFile)
    }

    /// The daemon that serves the folder; nil when none does. Whoever holds the lock is alive, whatever the file says.
    func daemon() -> pid_t? {
        guard let text = try? String(contentsOfFile: pidFile, encoding: .utf8),
            let pid = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)), (try? lock()) == nil
        else { return nil }
        return pid
    }

    /// The process that serves the folder. Unlike `daemon`, asking never takes the lock, not for an instant: a daemon that
    /// starts just then would not.
    var server: pid_t? {
        guard let text = try? String(contentsOfFile: pidFile, encoding: .utf8),
            let process = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)),
            kill(process, 0) == 0 || errno == EPERM
        else { return nil }
        return process
    }

    /// Tells whoever started the daemon that it serves now.
    func announceReady() throws { try Data("\(getpid())\n".utf8).write(to: URL(filePath: pidFile), options: .atomic) }
}
