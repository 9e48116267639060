import Foundation
import Git
import GitWire
import Glibc
import Platform

/// The folder in which a worker leaves an app's files laid out, so that the next build only changes what is another.
///
/// A record beside the files names their commit. It is emptied before a file changes and written when the last one has:
/// files whose record is empty are of no use to anybody. Who uses the files holds the record's lock.
final class KeptTree: Sendable {
    /// The files that are there, all of them.
    struct Record {
        let commit: ObjectID
        /// On disk, about.
        let bytes: Int
        /// When the last file was done: nanoseconds since 1970.
        let time: Int
    }

    /// The folder of the files.
    let path: String
    private let file: CInt

    /// Opens `folder`, and locks it until it is let go.
    ///
    /// - Returns: nil when it is in use, or not there.
    /// - Throws: `BuildError` when it cannot be opened.
    init?(_ folder: String) throws(BuildError) {
        path = "\(folder)/tree"
        let file = open("\(folder)/record", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw Self.failure("open", "\(folder)/record")
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            return nil
        }
        self.file = file
    }

    deinit { close(file) }

    /// Makes the files those of the commit, and a record of that.
    ///
    /// - Throws: `BuildError` when the commit cannot be built; `GitError`. There is no record then.
    func lay(_ source: BuildSource) async throws {
        let former = Self.record(file)
        try forget()
        var export: TreeExport?
        if let former { export = await update(from: former, source) }
        let files = if let export { export } else { try await write(source) }
        try SourceTree.check(files)
        try remember(source.commit, files)
    }

    /// Makes the files another's, at `other` on the same disk or not.
    func move(to other: String) async throws {
        try forget()
        try await HostProgram.run("mv", ["-T", "--", path, other])
    }

    /// Removes the files.
    func remove() async throws {
        try forget()
        try await HostProgram.remove(path)
    }

    /// Whether there are files that no record tells of.
    var isUnfinished: Bool { record == nil && FileManager.default.fileExists(atPath: path) }

    /// What the record says; nil when there are no files, or not all of them.
    var record: Record? { Self.record(file) }

    /// Nil when the former commit is of no use; what is wrong with the new one, its export tells.
    private func update(from former: Record, _ source: BuildSource) async -> TreeExport? {
        try? await Repository.withRepository(at: source.repository) { [path] repository in
            try repository.updateTree(at: path, from: former.commit, of: former.time, to: source.commit)
        }
    }

    private func write(_ source: BuildSource) async throws -> TreeExport {
        try await HostProgram.remove(path)
        return try await Repository.withRepository(at: source.repository) { [path] repository in
            try repository.exportTree(of: source.commit, to: path)
        }
    }

    /// Empties the record.
    private func forget() throws(BuildError) {
        guard ftruncate(file, 0) == 0 else { throw Self.failure("empty the record of", path) }
    }

    private func remember(_ commit: ObjectID, _ export: TreeExport) throws(BuildError) {
        // A file takes whole blocks.
        let text = "\(Self.boot) \(commit) \(export.bytes + export.files * 4096)\n"
        let count = text.utf8.count
        guard pwrite(file, text, count, 0) == count else { throw Self.failure("write the record of", path) }
    }

    /// What the record in a folder says, whoever uses it.
    static func record(in folder: String) -> Record? {
        let file = open("\(folder)/record", O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return record(file)
    }

    /// What an open record says; nil when it says nothing, or was written before the machine was started: then nobody
    /// knows which files had reached the disk.
    private static func record(_ file: CInt) -> Record? {
        var bytes = [UInt8](repeating: 0, count: 256)
        var status = stat()
        let count = pread(file, &bytes, bytes.count, 0)
        guard count > 0, fstat(file, &status) == 0 else { return nil }
        let words = String(decoding: bytes[..<count], as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count == 3, words[0] == boot, let commit = ObjectID(words[1]), let size = Int(words[2]) else {
            return nil
        }
        return Record(
            commit: commit, bytes: size, time: status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec)
    }

    /// Another one each time that the machine starts.
    private static let boot =
        (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8))?
        .trimmingCharacters(in: .whitespacesAndNewlines) ?? UUID().text

    private static func failure(_ verb: String, _ path: String) -> BuildError {
        BuildError("cannot \(verb) '\(path)': \(String(cString: strerror(errno)).lowercased())")
    }
}
