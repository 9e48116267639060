import CLibGit2
import GitWire
import Glibc
import Synchronization
import Threads

/// An open bare repository in git's own format, closed when its owner lets go.
///
/// Not Sendable: it is opened, used and freed on one thread, which it may block; `withRepository` gives it a thread.
package final class Repository {
    /// The repository's folder, absolute and without symbolic links.
    package let path: String
    let handle: OpaquePointer
    let database: ObjectDatabase

    /// Opens the bare repository at `path`.
    ///
    /// - Throws: when there is none, or it is of a format that libgit2 would misread (SHA-256, reftable).
    package convenience init(at path: String) throws(GitError) {
        try self.init(at: path, quarantine: nil)
    }

    /// Opens the repository at `path`; with `quarantine`, the objects in the pack of that index stand before its own.
    init(at path: String, quarantine: String?) throws(GitError) {
        try LibGit2.start()
        guard let real = realpath(path, nil) else { throw FileSystem.failure("open repository '\(path)'") }
        defer { free(real) }
        self.path = String(cString: real)
        var raw: OpaquePointer?
        try check(git_repository_open_bare(&raw, real), "open repository '\(path)'")
        handle = raw!
        do throws(GitError) {
            database = try Self.openDatabase(of: handle, path: self.path, quarantine: quarantine)
        } catch {
            git_repository_free(handle)
            throw error
        }
        try requireKnownFormat()
    }

    deinit { git_repository_free(handle) }

    /// Opens the repository at `path` on a thread of its own, runs `body` with it there, and closes it.
    ///
    /// - Throws: `GitError` when it cannot be opened; what `body` throws.
    package static func withRepository<Value: Sendable>(
        at path: String, _ body: @escaping @Sendable (Repository) throws -> Value
    ) async throws -> Value {
        try await onOwnThread { () throws(any Error) -> Value in try body(Repository(at: path)) }
    }

    private static func openDatabase(
        of handle: OpaquePointer, path: String, quarantine: String?
    ) throws(GitError) -> ObjectDatabase {
        if let quarantine {
            let database = try ObjectDatabase(pack: quarantine, alternate: "\(path)/objects")
            try check(git_repository_set_odb(handle, database.handle), "open objects '\(quarantine)'")
            return database
        }
        var raw: OpaquePointer?
        try check(git_repository_odb(&raw, handle), "open objects of '\(path)'")
        return ObjectDatabase(owning: raw!)
    }

    /// The configurations that were found to be of a known format, as they were then.
    private static let knownFormats = Mutex<[String: FileStamp]>([:])

    /// Checks the format unless the configuration is the one that was checked before.
    private func requireKnownFormat() throws(GitError) {
        if let stamp = Self.knownFormats.withLock({ $0[path] }), stamp.isCurrent { return }
        let now = FileStamp.now
        let stamp = FileStamp("\(path)/config")
        try checkFormat()
        if stamp.isSettled(at: now) { Self.knownFormats.withLock { $0[path] = stamp } }
    }

    /// libgit2 checks no extension of a repository that is opened as bare: it would read SHA-256 as nonsense.
    private func checkFormat() throws(GitError) {
        let operation = "open repository '\(path)'"
        var config: OpaquePointer?
        try check(git_repository_config_snapshot(&config, handle), operation)
        defer { git_config_free(config) }
        var version: Int32 = 0
        let code = git_config_get_int32(&version, config, "core.repositoryformatversion")
        if code != GIT_ENOTFOUND.rawValue { try check(code, operation) }
        guard 0...1 ~= version else {
            throw GitError(operation: operation, reason: "repository format \(version) is not supported")
        }
        for (name, value) in try Self.extensions(in: config, operation) {
            guard name == "extensions.noop" || name == "extensions.objectformat" && value == "sha1" else {
                throw GitError(operation: operation, reason: "extension '\(name) = \(value)' is not supported")
            }
        }
    }

    private static func extensions(
        in config: OpaquePointer?, _ operation: String
    ) throws(GitError) -> [(name: String, value: String)] {
        var iterator: OpaquePointer?
        // Not the iterator that takes a pattern: Debian's libgit2 1.5 leaks 20 KB with each use of its regex.
        try check(git_config_iterator_new(&iterator, config), operation)
        defer { git_config_iterator_free(iterator) }
        var found: [(name: String, value: String)] = []
        var entry: UnsafeMutablePointer<git_config_entry>?
        while git_config_next(&entry, iterator) == 0, let pointer = entry {
            let name = String(cString: pointer.pointee.name)
            guard name.hasPrefix("extensions.") else { continue }
            found.append((name, pointer.pointee.value.map { String(cString: $0) } ?? ""))
        }
        return found
    }
}
