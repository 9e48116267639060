import Glibc
import Synchronization

/// Keeps builds from filling the disk.
package final class DiskGuard: Sendable {
    private static let interval = Duration.seconds(1)

    private let paths: [String]
    private let mostFree: Int
    private let mostTaken: Int
    private let measure: @Sendable (String) -> Int?
    /// How many builds are being watched: what they take together is all that can be seen.
    private let running = Mutex(0)

    /// - Parameters:
    ///   - paths: folders on the disks that builds write to: Docker's and the server's own.
    ///   - measure: the bytes free on the disk of a folder; nil when that is not known, which refuses nothing.
    package init(
        paths: [String], limits: BuildLimits, measure: @escaping @Sendable (String) -> Int? = DiskGuard.freeBytes
    ) {
        self.paths = paths
        self.mostFree = limits.freeDiskBytes
        self.mostTaken = limits.diskBytes
        self.measure = measure
    }

    /// The bytes that others than root may still write to the disk of `path`; nil when there is no such folder.
    package static func freeBytes(_ path: String) -> Int? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int(status.f_bavail) * Int(status.f_frsize)
    }

    /// Refuses a build that begins now.
    ///
    /// - Throws: `BuildError` when less is free than must be.
    package func admit() throws(BuildError) {
        for path in paths {
            guard let free = measure(path), free < mostFree else { continue }
            throw BuildError(
                "build refused: only \(Words.size(free)) free on the disk of '\(path)', at least \(Words.size(mostFree)) must be",
                hint: "an admin can run 'gc' to remove what no release needs")
        }
    }

    /// Watches the disks until it is cancelled.
    ///
    /// - Throws: `BuildError` once less is free than must be, or more was taken since the beginning than may be;
    ///   `CancellationError`.
    package func watch() async throws {
        running.withLock { $0 += 1 }
        defer { running.withLock { $0 -= 1 } }
        let start = paths.map(measure)
        while true {
            try await Task.sleep(for: Self.interval)
            for (path, before) in zip(paths, start) { try check(path, before) }
        }
    }

    private func check(_ path: String, _ before: Int?) throws(BuildError) {
        guard let free = measure(path) else { return }
        if free < mostFree {
            throw BuildError(
                "the build was stopped: only \(Words.size(free)) were left free on the disk of '\(path)'",
                hint: "an admin can run 'gc' to remove what no release needs")
        }
        let most = mostTaken * max(1, running.withLock { $0 })
        guard let before, before - free > most else { return }
        throw BuildError(
            "the build was stopped: it took more than the \(Words.size(mostTaken)) of disk that a build may",
            hint: "remove what the image does not need in the step that makes it")
    }
}
