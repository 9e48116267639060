import GitWire
import Glibc

/// Writes one tree to disk; see `Repository.exportTree` and `Repository.updateTree`.
struct TreeExporter {
    private let database: ObjectDatabase
    private let limits: ExportLimits
    private let former: FormerExport?
    private var export = TreeExport()
    private var entries = 0

    /// - Parameter former: what may be there already; nil for nothing.
    init(database: ObjectDatabase, limits: ExportLimits, former: FormerExport? = nil) {
        self.database = database
        self.limits = limits
        self.former = former
    }

    /// Writes `tree` into the folder `path`, made if need be.
    mutating func export(_ tree: ObjectKey, to path: String) throws(GitError) -> TreeExport {
        if mkdir(path, 0o755) != 0 && errno != EEXIST { throw FileSystem.failure("create folder '\(path)'") }
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { throw FileSystem.failure("open folder '\(path)'") }
        defer { close(folder) }
        if former == nil, try !FileSystem.names(in: path).isEmpty {
            throw GitError(operation: "export to '\(path)'", reason: "the folder is not empty")
        }
        guard fchmod(folder, 0o755) == 0 else { throw FileSystem.failure("set the mode of '\(path)'") }
        try write(tree, into: folder, path: [], depth: 1, former)
        return export
    }

    /// - Parameter former: what may be in the folder; nil for a new one.
    private mutating func write(
        _ tree: ObjectKey, into folder: Int32, path: [UInt8], depth: Int, _ former: FormerExport?
    ) throws(GitError) {
        guard depth <= limits.depth else {
            throw Self.refusal(path, "it is nested deeper than \(limits.depth) folders")
        }
        let old = try former.map { former throws(GitError) in try former.entries(in: database) } ?? [:]
        let done: Void? = try database.withObject(tree) { kind, bytes throws(GitError) in
            guard kind == .tree else { throw Self.refusal(path, "its object is a \(kind), not a tree") }
            var names: Set<[UInt8]> = []
            var reader = TreeReader(bytes)
            while let entry = try reader.next() {
                let name = Array(entry.name)
                let path = path + (path.isEmpty ? [] : [UInt8(ascii: "/")]) + name
                try judge(entry, path)
                if let former {
                    // In a new folder the second one of a name cannot be made; here it would replace the first.
                    guard names.insert(name).inserted else { throw Self.refusal(path, "two entries have this name") }
                    if try keep(entry, old[name], in: folder, path: path, depth: depth, former) { continue }
                }
                try write(entry, into: folder, path: path, depth: depth)
            }
            if former != nil { try FormerExport.removeAll(in: folder, except: names) }
        }
        guard done != nil else { throw Self.refusal(path, "object \(tree.id) is missing") }
    }

    /// Refuses what nothing may be called, and too many of them.
    private mutating func judge(_ entry: TreeEntry, _ path: [UInt8]) throws(GitError) {
        do throws(GitError) {
            try TreeValidator.validate(entry)
        } catch {
            throw Self.refusal(path, error.reason)
        }
        entries += 1
        guard entries <= limits.entries else {
            throw Self.refusal(path, "the commit holds more than \(limits.entries) files, which is the limit")
        }
    }

    /// Makes room for an entry, unless what is there can stay, be it brought up to date.
    ///
    /// - Parameter old: what the former export made of that name.
    private mutating func keep(
        _ entry: TreeEntry, _ old: FormerExport.Entry?, in folder: Int32, path: [UInt8], depth: Int,
        _ former: FormerExport
    ) throws(GitError) -> Bool {
        let name = Self.terminated(entry.name)
        guard let status = try FormerExport.status(of: name, in: folder) else { return false }
        if let old, entry.isTree, old.isTree, status.st_mode & S_IFMT == S_IFDIR {
            try fill(entry, name, in: folder, path: path, depth: depth, former.within(old.key))
            return true
        }
        if let old, old.key == entry.key, former.holds(entry, status) {
            try count(Int(status.st_size), path)
            return true
        }
        try FormerExport.remove(name, in: folder)
        return false
    }

    private mutating func write(
        _ entry: TreeEntry, into folder: Int32, path: [UInt8], depth: Int
    ) throws(GitError) {
        let name = Self.terminated(entry.name)
        guard entry.isTree || entry.isSubmodule else {
            return try writeBlob(entry, name, into: folder, path: path)
        }
        guard mkdirat(folder, name, 0o755) == 0 else { throw Self.failure(path) }
        try fill(entry, name, in: folder, path: path, depth: depth, nil)
    }

    /// Writes what belongs into a folder that is there; into a submodule's, nothing.
    private mutating func fill(
        _ entry: TreeEntry, _ name: [CChar], in folder: Int32, path: [UInt8], depth: Int, _ former: FormerExport?
    ) throws(GitError) {
        let inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard inner >= 0 else { throw Self.failure(path) }
        defer { close(inner) }
        guard fchmod(inner, 0o755) == 0 else { throw Self.failure(path) }
        if entry.isSubmodule {
            export.submodules.append(String(decoding: path, as: UTF8.self))
        } else {
            try write(entry.key, into: inner, path: path, depth: depth + 1, former)
        }
    }

    private static func terminated(_ name: UnsafeBufferPointer<UInt8>) -> [CChar] {
        name.map { CChar(bitPattern: $0) } + [0]
    }

    /// Counts a file, as long as there may be one.
    private mutating func count(_ bytes: Int, _ path: [UInt8]) throws(GitError) {
        export.files += 1
        export.bytes += bytes
        guard export.bytes <= limits.bytes else {
            let limit = describe(bytes: limits.bytes)
            throw Self.refusal(path, "the commit holds more than \(limit), which is the limit")
        }
    }

    private mutating func writeBlob(
        _ entry: TreeEntry, _ name: [CChar], into folder: Int32, path: [UInt8]
    ) throws(GitError) {
        let done: Void? = try database.withObject(entry.key) { kind, bytes throws(GitError) in
            guard kind == .blob else { throw Self.refusal(path, "its object is a \(kind), not a blob") }
            try count(bytes.count, path)
            if entry.isSymbolicLink {
                try Self.writeLink(to: bytes, of: entry.key, name, into: folder, path: path)
            } else {
                try Self.writeFile(
                    bytes, of: entry.key, name, mode: Self.mode(of: entry), into: folder, path: path)
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
    static func time(of key: ObjectKey) -> timespec {
        let number = key.id.bytes.prefix(7).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        return timespec(tv_sec: 946_684_800 + Int(number >> 32), tv_nsec: Int(number & 0xFFFF_FFFF) % 1_000_000_000)
    }

    /// The permissions of a file.
    static func mode(of entry: TreeEntry) -> mode_t { entry.mode & 0o100 != 0 ? 0o755 : 0o644 }

    private static func writeLink(
        to target: UnsafeBufferPointer<UInt8>, of key: ObjectKey, _ name: [CChar], into folder: Int32, path: [UInt8]
    ) throws(GitError) {
        guard !target.isEmpty, !target.contains(0) else { throw refusal(path, "it links to no valid path") }
        let target = target.map { CChar(bitPattern: $0) } + [0]
        guard symlinkat(target, folder, name) == 0 else { throw failure(path) }
        let time = time(of: key)
        guard utimensat(folder, name, [time, time], AT_SYMLINK_NOFOLLOW) == 0 else { throw failure(path) }
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
