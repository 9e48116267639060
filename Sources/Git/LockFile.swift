import Glibc

/// git's way to change a file: `<file>.lock` is created first, which only one can, filled, and renamed over it.
final class LockFile {
    /// The file that is locked.
    let path: String
    private var isHeld = true

    /// Locks the file at `path`. Waits up to `patience` milliseconds for somebody else's lock, in steps of random
    /// length. A lock that is a link to `shared` cannot be written to.
    init(locking path: String, patience: Int = 1000, shared: SharedLock? = nil) throws(GitError) {
        self.path = path
        var waited = 0
        while true {
            if let shared, shared.link(to: "\(path).lock") { return }
            let descriptor = open("\(path).lock", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
            if descriptor >= 0 {
                close(descriptor)
                return
            }
            guard errno == EEXIST, waited < patience else { break }
            let step = Int.random(in: 5...50)
            usleep(UInt32(step) * 1000)
            waited += step
        }
        isHeld = false
        throw FileSystem.failure("lock '\(path)'")
    }

    deinit { if isHeld { unlink("\(path).lock") } }

    /// Makes `bytes` the content that `commit` gives the file, and forces it to disk.
    func write(_ bytes: [UInt8]) throws(GitError) {
        let descriptor = open("\(path).lock", O_WRONLY | O_TRUNC | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileSystem.failure("open '\(path).lock'") }
        defer { close(descriptor) }
        try bytes.withUnsafeBufferPointer { bytes throws(GitError) in
            try FileSystem.write(bytes, to: descriptor, path: "\(path).lock")
        }
        guard fsync(descriptor) == 0 else { throw FileSystem.failure("synchronize '\(path).lock'") }
    }

    /// Puts the written content in place of the file, and gives up the lock. The folder is not forced to disk.
    func commit() throws(GitError) {
        try FileSystem.rename("\(path).lock", to: path)
        isHeld = false
    }

    /// Gives up the lock; the file stays as it is.
    func release() {
        if isHeld { unlink("\(path).lock") }
        isHeld = false
    }
}
