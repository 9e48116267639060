import Glibc

/// Files that only their owner may read.
enum PrivateFile {
    /// The text of `path`; nil when there is no such file.
    ///
    /// - Throws: when others may read it, or it cannot be read.
    static func read(_ path: String) throws(SSHError) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        if file < 0 && errno == ENOENT { return nil }
        guard file >= 0 else { throw .system("cannot read host key '\(path)'") }
        defer { close(file) }
        try checkMode(of: file, path)
        var bytes = [UInt8](repeating: 0, count: 64 * 1024)
        let count = Glibc.read(file, &bytes, bytes.count)
        guard count >= 0 else { throw .system("cannot read host key '\(path)'") }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    private static func checkMode(of file: Int32, _ path: String) throws(SSHError) {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .system("cannot read host key '\(path)'") }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw SSHError("cannot read host key '\(path)': not a regular file")
        }
        guard status.st_mode & 0o077 == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            throw SSHError("cannot use host key '\(path)': others may read it (mode \(mode)); run chmod 600 '\(path)'")
        }
    }

    /// Writes `text` to a new file of mode 0600 that appears complete or not at all; a file that is there stays.
    static func create(_ path: String, text: String) throws(SSHError) {
        let draft = "\(path).\(getpid())"
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw .system("cannot write host key '\(path)'") }
        defer { unlink(draft) }
        defer { close(file) }
        guard Array(text.utf8).withUnsafeBytes({ write(file, $0.baseAddress, $0.count) }) == text.utf8.count,
            fsync(file) == 0
        else { throw .system("cannot write host key '\(path)'") }
        if link(draft, path) != 0 && errno != EEXIST { throw .system("cannot write host key '\(path)'") }
    }
}
