import Foundation
import Glibc

/// The file with the keys that seal secrets, beside the database and never in it: a key in base64 a line, newest first.
///
/// It is read anew for each use, so that a daemon that runs takes the keys that a rotation makes.
package struct SecretKeys: Sendable {
    /// Where the file is.
    package let path: String

    /// Touches nothing yet.
    ///
    /// - Parameter path: the file, in a folder that exists.
    package init(path: String) { self.path = path }

    /// The keys; nil while there is no file.
    ///
    /// - Throws: `SecretError` for a file that others could read, or that holds something else.
    func load() throws(SecretError) -> KeyRing? {
        guard let text = try read() else { return nil }
        var keys: [KeyRing.Key] = []
        for line in text.split(separator: "\n") {
            guard let key = KeyRing.Key(base64: line) else { throw .unusableFile(path, "it is damaged") }
            keys.append(key)
        }
        guard let ring = KeyRing(keys) else { throw .unusableFile(path, "it is empty") }
        return ring
    }

    /// The keys, of which the first is made now if there is no file. Of several processes that do so at once one wins.
    ///
    /// - Throws: `SecretError` when the file can be neither read nor made.
    func loadOrMake() throws(SecretError) -> KeyRing {
        if let ring = try load() { return ring }
        let draft = try writeDraft([KeyRing.Key()])
        defer { unlink(draft) }
        guard link(draft, path) == 0 || errno == EEXIST else { throw failure("make it") }
        try syncFolder()
        guard let ring = try load() else { throw failure("make it") }
        return ring
    }

    /// Puts `ring` in the place of what the file holds: after a crash it is the old one or the new one.
    ///
    /// - Throws: `SecretError`; the file is as it was.
    func store(_ ring: KeyRing) throws(SecretError) {
        let draft = try writeDraft(ring.keys)
        guard rename(draft, path) == 0 else {
            let error = failure("write it")
            unlink(draft)
            throw error
        }
        try syncFolder()
    }

    private func read() throws(SecretError) -> String? {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("read it")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("read it") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .unusableFile(path, "it is no plain file") }
        guard status.st_mode & 0o077 == 0 else {
            throw .unusableFile(path, "others may read it; run 'chmod 600 \(path)', and then 'martlet secrets rotate'")
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        do throws(any Error) {
            return String(decoding: try file.read(upToCount: 1 << 20) ?? Data(), as: UTF8.self)
        } catch {
            throw failure("read it")
        }
    }

    /// Writes the keys to a new file beside the real one, down to the disk; returns its path.
    private func writeDraft(_ keys: [KeyRing.Key]) throws(SecretError) -> String {
        let draft = "\(path).\(UUID().text)"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("write it") }
        defer { close(descriptor) }
        let bytes = Array(keys.map { $0.base64 + "\n" }.joined().utf8)
        guard giveToOwner(descriptor), write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0
        else {
            let error = failure("write it")
            unlink(draft)
            throw error
        }
        return draft
    }

    /// What root makes belongs to whoever the folder belongs to, as whom the daemon may run.
    private func giveToOwner(_ descriptor: Int32) -> Bool {
        guard geteuid() == 0 else { return true }
        var status = stat()
        return stat(folder, &status) == 0 && fchown(descriptor, status.st_uid, status.st_gid) == 0
    }

    private var folder: String { URL(filePath: path).deletingLastPathComponent().path }

    private func syncFolder() throws(SecretError) {
        let folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw failure("write it") }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw failure("write it") }
    }

    private func failure(_ deed: String) -> SecretError {
        .unusableFile(path, "cannot \(deed): \(String(cString: strerror(errno)).lowercased())")
    }
}
