import Glibc

/// The few system calls that repositories need beside libgit2, with errors that name the path.
enum FileSystem {
    /// The failure of the system call made just before.
    static func failure(_ operation: String) -> GitError {
        let code = errno
        return GitError(operation: operation, reason: String(cString: strerror(code)).lowercased(), code: code)
    }

    /// Forces the file or the entries of the folder at `path` to disk.
    static func synchronize(_ path: String) throws(GitError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open '\(path)'") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("synchronize '\(path)'") }
    }

    /// Makes a folder; throws if there is something at `path`.
    static func makeDirectory(_ path: String, mode: mode_t = 0o755) throws(GitError) {
        guard mkdir(path, mode) == 0 else { throw failure("create folder '\(path)'") }
    }

    /// Writes a new file and forces it to disk; throws if there is something at `path`.
    static func write(_ text: String, toNew path: String, mode: mode_t = 0o644) throws(GitError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure("create '\(path)'") }
        defer { close(descriptor) }
        try Array(text.utf8).withUnsafeBufferPointer { bytes throws(GitError) in
            try write(bytes, to: descriptor, path: path)
        }
        guard fsync(descriptor) == 0 else { throw failure("synchronize '\(path)'") }
    }

    /// Writes all of `bytes` to an open file.
    static func write(_ bytes: UnsafeBufferPointer<UInt8>, to descriptor: Int32, path: String) throws(GitError) {
        var written = 0
        while written < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure("write '\(path)'") }
            written += count
        }
    }

    /// All of a small file.
    static func read(_ path: String) throws(GitError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open '\(path)'") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure("read '\(path)'") }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// What is at `path` itself, a symbolic link not followed; nil if nothing is.
    static func status(of path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }

    static func isDirectory(_ path: String) -> Bool {
        status(of: path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
    }

    /// The names in a folder, unsorted, without "." and ".."; none if there is no such folder. Names that are
    /// not UTF-8 are left out: nothing of ours has one.
    static func names(in path: String) throws(GitError) -> [String] { try entries(in: path).map(\.name) }

    /// As `names`, with whether each is a folder.
    static func entries(in path: String) throws(GitError) -> [(name: String, isFolder: Bool)] {
        guard let folder = opendir(path) else {
            if errno == ENOENT || errno == ENOTDIR { return [] }
            throw failure("list '\(path)'")
        }
        defer { closedir(folder) }
        var entries: [(name: String, isFolder: Bool)] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
            }
            guard let name, name != ".", name != ".." else { continue }
            let type = Int(entry.pointee.d_type)
            let isFolder = type == Int(DT_DIR) || type == Int(DT_UNKNOWN) && isDirectory("\(path)/\(name)")
            entries.append((name, isFolder))
        }
        return entries
    }

    /// Removes a file, or a folder with all in it; does nothing if there is neither. Symbolic links are
    /// removed, never followed.
    static func remove(_ path: String) throws(GitError) {
        if isDirectory(path) {
            for name in try names(in: path) { try remove("\(path)/\(name)") }
            guard rmdir(path) == 0 || errno == ENOENT else { throw failure("remove '\(path)'") }
        } else {
            guard unlink(path) == 0 || errno == ENOENT else { throw failure("remove '\(path)'") }
        }
    }

    /// Moves a file or folder within one file system, replacing a file of that name.
    static func rename(_ old: String, to new: String) throws(GitError) {
        guard Glibc.rename(old, new) == 0 else { throw failure("rename '\(old)' to '\(new)'") }
    }

    /// A name nobody can guess: 16 hexadecimal digits.
    static func randomName() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
