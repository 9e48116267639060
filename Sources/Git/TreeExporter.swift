import GitWire
import Glibc

/// Writes one tree to disk; see `Repository.exportTree`.
struct TreeExporter {
    private let database: ObjectDatabase
    private let limits: ExportLimits
    private var export = TreeExport()
    private var entries = 0

    init(database: ObjectDatabase, limits: ExportLimits) {
        self.database = database
        self.limits = limits
    }

    /// Writes `tree` into the folder `path`, made if need be.
    mutating func export(_ tree: ObjectKey, to path: String) throws(GitError) -> TreeExport {
        if mkdir(path, 0o755) != 0 && errno != EEXIST { throw FileSystem.failure("create folder '\(path)'") }
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { throw FileSystem.failure("open folder '\(path)'") }
        defer { close(folder) }
        guard try FileSystem.names(in: path).isEmpty else {
            throw GitError(operation: "export to '\(path)'", reason: "the folder is not empty")
        }
        guard fchmod(folder, 0o755) == 0 else { throw FileSystem.failure("set the mode of '\(path)'") }
        try write(tree, into: folder, path: [], depth: 1)
        return export
    }

    private mutating func write(
        _ tree: ObjectKey, into folder: Int32, path: [UInt8], depth: Int
    ) throws(GitError) {
        guard depth <= limits.depth else {
            throw Self.refusal(path, "it is nested deeper than \(limits.depth) folders")
        }
        let done: Void? = try database.withObject(tree) { kind, bytes throws(GitError) in
            guard kind == .tree else { throw Self.refusal(path, "its object is a \(kind), not a tree") }
            var reader = TreeReader(bytes)
            while let entry = try reader.next() {
                try write(
                    entry, into: folder, path: path + (path.isEmpty ? [] : [UInt8(ascii: "/")]) + entry.name,
                    depth: depth)
            }
        }
        guard done != nil else { throw Self.refusal(path, "object \(tree.id) is missing") }
    }

    private mutating func write(
        _ entry: TreeEntry, into folder: Int32, path: [UInt8], depth: Int
    ) throws(GitError) {
        do throws(GitError) {
            try TreeValidator.validate(entry)
        } catch {
            throw Self.refusal(path, error.reason)
        }
        entries += 1
        guard entries <= limits.entries else {
            throw Self.refusal(path, "the commit holds more than \(limits.entries) files, which is the limit")
        }
        let name = Array(entry.name.map { CChar(bitPattern: $0) }) + [0]
        if entry.isTree || entry.isSubmodule {
            try writeFolder(entry, name, into: folder, path: path, depth: depth)
        } else {
            try writeBlob(entry, name, into: folder, path: path)
        }
    }

    private mutating func writeFolder(
        _ entry: TreeEntry, _ name: [CChar], into folder: Int32, path: [UInt8], depth: Int
    ) throws(GitError) {
        guard mkdirat(folder, name, 0o755) == 0 else { throw Self.failure(path) }
        let inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard inner >= 0 else { throw Self.failure(path) }
        defer { close(inner) }
        guard fchmod(inner, 0o755) == 0 else { throw Self.failure(path) }
        if entry.isSubmodule {
            export.submodules.append(String(decoding: path, as: UTF8.self))
        } else {
            try write(entry.key, into: inner, path: path, depth: depth + 1)
        }
    }

    private mutating func writeBlob(
        _ entry: TreeEntry, _ name: [CChar], into folder: Int32, path: [UInt8]
    ) throws(GitError) {
        let done: Void? = try database.withObject(entry.key) { kind, bytes throws(GitError) in
            guard kind == .blob else { throw Self.refusal(path, "its object is a \(kind), not a blob") }
            export.files += 1
            export.bytes += bytes.count
            guard export.bytes <= limits.bytes else {
                let limit = describe(bytes: limits.bytes)
                throw Self.refusal(path, "the commit holds more than \(limit), which is the limit")
            }
            if entry.isSymbolicLink {
                try Self.writeLink(to: bytes, name, into: folder, path: path)
            } else {
                let mode: mode_t = entry.mode & 0o100 != 0 ? 0o755 : 0o644
                try Self.writeFile(bytes, of: entry.key, name, mode: mode, into: folder, path: path)
                if Self.isPointer(bytes) { export.lfsPointers.append(String(decoding: path, as: UTF8.self)) }
            }
        }
        guard done != nil else { throw Self.refusal(path, "object \(entry.key.id) is missing") }
    }

    private static func writeFile(
        _ bytes: UnsafeBufferPointer<UInt8>, of key: ObjectKey, _ name: [CChar], mode: mode_t, into folder: Int32,
        path: [UInt8]
    ) throws(GitError) {
        let descriptor = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        // The process's umask has no say in what a build sees.
        guard fchmod(descriptor, mode) == 0 else { throw failure(path) }
        try FileSystem.write(bytes, to: descriptor, path: printable(path))
        let time = time(of: key)
        guard futimens(descriptor, [time, time]) == 0 else { throw failure(path) }
    }

    /// A time in the year 2000, always the same for the same content and hardly ever for another one: whoever compares a
    /// folder with what it was by times and sizes, as BuildKit and Python do, sees what changed.
    private static func time(of key: ObjectKey) -> timespec {
        let number = key.id.bytes.prefix(7).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        return timespec(tv_sec: 946_684_800 + Int(number >> 32), tv_nsec: Int(number & 0xFFFF_FFFF) % 1_000_000_000)
    }

    private static func writeLink(
        to target: UnsafeBufferPointer<UInt8>, _ name: [CChar], into folder: Int32, path: [UInt8]
    ) throws(GitError) {
        guard !target.isEmpty, !target.contains(0) else { throw refusal(path, "it links to no valid path") }
        let target = target.map { CChar(bitPattern: $0) } + [0]
        guard symlinkat(target, folder, name) == 0 else { throw failure(path) }
    }

    /// Whether a file is a pointer of Git LFS: its specification fixes the first line.
    private static func isPointer(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.count < 1024 && bytes.starts(with: "version https://git-lfs.github.com/spec/".utf8)
    }

    private static func refusal(_ path: [UInt8], _ reason: String) -> GitError {
        GitError(operation: "export '\(printable(path))'", reason: reason)
    }

    private static func failure(_ path: [UInt8]) -> GitError { FileSystem.failure("export '\(printable(path))'") }
}
