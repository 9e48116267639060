import Glibc

/// What an earlier export left in a folder: of it may stay what is to be there still and nobody has touched since.
struct FormerExport {
    /// The folder's tree at that time.
    let tree: ObjectKey
    /// When that export was over: nanoseconds since 1970.
    let time: Int

    /// What that export made a file, link or folder of.
    struct Entry {
        let key: ObjectKey
        let isTree: Bool
    }

    /// What was to be in the folder, by name.
    func entries(in database: ObjectDatabase) throws(GitError) -> [[UInt8]: Entry] {
        let operation = "read tree '\(tree.id)'"
        let entries = try database.withObject(tree) { kind, bytes throws(GitError) -> [[UInt8]: Entry] in
            guard kind == .tree else { throw GitError(operation: operation, reason: "it is a \(kind)") }
            var entries: [[UInt8]: Entry] = [:]
            var reader = TreeReader(bytes)
            while let entry = try reader.next() {
                entries[Array(entry.name)] = Entry(key: entry.key, isTree: entry.isTree)
            }
            return entries
        }
        guard let entries else { throw GitError(operation: operation, reason: "there is no such object") }
        return entries
    }

    /// The same for a folder within.
    func within(_ tree: ObjectKey) -> FormerExport { FormerExport(tree: tree, time: time) }

    /// Whether a file or link that was made for `entry` is as it was then. Whoever changes one may set back its time, but
    /// not the time of that change.
    func holds(_ entry: TreeEntry, _ status: stat) -> Bool {
        let time = TreeExporter.time(of: entry.key)
        guard status.st_mtim.tv_sec == time.tv_sec, status.st_mtim.tv_nsec == time.tv_nsec, status.st_nlink == 1,
            status.st_ctim.tv_sec * 1_000_000_000 + status.st_ctim.tv_nsec <= self.time
        else { return false }
        if entry.isSymbolicLink { return status.st_mode & S_IFMT == S_IFLNK }
        return status.st_mode == S_IFREG | TreeExporter.mode(of: entry)
    }

    /// What is called `name` in an open folder, a link not followed; nil when nothing is.
    static func status(of name: [CChar], in folder: Int32) throws(GitError) -> stat? {
        var status = stat()
        if fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 { return status }
        guard errno == ENOENT else { throw FileSystem.failure("look at '\(printable(name))'") }
        return nil
    }

    /// Removes everything in an open folder but what is called one of `names`.
    static func removeAll(in folder: Int32, except names: Set<[UInt8]> = []) throws(GitError) {
        for name in try Self.names(in: folder)
        where !names.contains(name.dropLast().map { UInt8(bitPattern: $0) }) {
            try remove(name, in: folder)
        }
    }

    /// Removes what is called `name` in an open folder, with all in it. Links are removed, never followed.
    static func remove(_ name: [CChar], in folder: Int32) throws(GitError) {
        if unlinkat(folder, name, 0) == 0 || errno == ENOENT { return }
        guard errno == EISDIR else { throw FileSystem.failure("remove '\(printable(name))'") }
        let inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard inner >= 0 else { throw FileSystem.failure("open '\(printable(name))'") }
        defer { close(inner) }
        try removeAll(in: inner)
        guard unlinkat(folder, name, AT_REMOVEDIR) == 0 else { throw FileSystem.failure("remove '\(printable(name))'") }
    }

    /// The names in an open folder, each with its NUL, without "." and "..".
    private static func names(in folder: Int32) throws(GitError) -> [[CChar]] {
        // A descriptor of its own: the position in a folder belongs to the open file.
        let copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = fdopendir(copy) else { throw FileSystem.failure("list a folder") }
        defer { closedir(stream) }
        var names: [[CChar]] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                    Array(UnsafeBufferPointer(start: $0, count: strlen($0) + 1))
                }
            }
            if name != [46, 0], name != [46, 46, 0] { names.append(name) }
        }
        return names
    }

    private static func printable(_ name: [CChar]) -> String {
        Git.printable(name.dropLast().map { UInt8(bitPattern: $0) })
    }
}
