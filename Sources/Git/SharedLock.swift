import Glibc

/// A file that many locks are links to: to make a file of its own for each of thousands is what file systems are slow at.
final class SharedLock {
    private let path: String

    /// Creates the file in the repository at `repository`, where the next start finds it if this process dies.
    init(in repository: String) throws(GitError) {
        path = "\(repository)/objects/tmp_lock_\(FileSystem.randomName())"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o444)
        guard descriptor >= 0 else { throw FileSystem.failure("create '\(path)'") }
        close(descriptor)
    }

    deinit { unlink(path) }

    /// Makes the file appear at `lock` as well; fails as `open` with `O_EXCL` does, or where there are no links.
    func link(to lock: String) -> Bool { Glibc.link(path, lock) == 0 }
}
