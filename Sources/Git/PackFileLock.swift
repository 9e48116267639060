import Glibc

/// Keeps a second process from joining packs at the same time. The system lets go of it when its owner dies.
final class PackFileLock {
    private let descriptor: Int32
    private let path: String

    /// Takes the lock in `folder`; nil if somebody else has it.
    init?(_ folder: String) throws(GitError) {
        path = "\(folder)/tmp_consolidation.lock"
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { throw FileSystem.failure("lock '\(path)'") }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let failure = FileSystem.failure("lock '\(path)'")
                close(descriptor)
                guard failure.code == EWOULDBLOCK else { throw failure }
                return nil
            }
            // The last owner may have removed the file between our two calls.
            var status = stat()
            if fstat(descriptor, &status) == 0, FileSystem.status(of: path)?.st_ino == status.st_ino {
                self.descriptor = descriptor
                return
            }
            close(descriptor)
        }
    }

    deinit {
        unlink(path)
        close(descriptor)
    }
}
