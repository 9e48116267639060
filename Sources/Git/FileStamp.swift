import Glibc

/// What `stat` says about a file or folder, to find out later whether it changed.
struct FileStamp: Equatable {
    let path: String
    private let exists: Bool
    private let inode: UInt
    private let size: Int
    private let modified: Int
    private let changed: Int

    init(_ path: String) {
        self.path = path
        var status = stat()
        exists = lstat(path, &status) == 0
        inode = exists ? status.st_ino : 0
        size = exists ? Int(status.st_size) : 0
        modified = exists ? Self.nanoseconds(status.st_mtim) : 0
        changed = exists ? Self.nanoseconds(status.st_ctim) : 0
    }

    /// Whether the file is as it was.
    var isCurrent: Bool { self == FileStamp(path) }

    /// Whether the last change was long enough before `moment` that another one after it must show: the clock that
    /// the kernel stamps files with stands still for up to 10 ms, and some file systems keep seconds only.
    func isSettled(at moment: Int) -> Bool {
        let precision = modified % 1_000_000_000 == 0 ? 2_000_000_000 : 20_000_000
        return max(changed, modified) < moment - precision
    }

    /// Nanoseconds on the clock that files are stamped with.
    static var now: Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &time)
        return nanoseconds(time)
    }

    private static func nanoseconds(_ time: timespec) -> Int { time.tv_sec * 1_000_000_000 + time.tv_nsec }
}
