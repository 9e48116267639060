import Glibc
import Synchronization

/// A socket pair that ends a `poll` of another thread.
final class Wakeup: Sendable {
    let readEnd: Int32
    private let writeEnd: Int32

    /// - Throws: `DatabaseError` when the process has no descriptors left.
    init() throws(DatabaseError) {
        var ends: [Int32] = [-1, -1]
        let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        guard socketpair(AF_UNIX, Int32(type), 0, &ends) == 0 else {
            throw DatabaseError(operation: "open a socket pair", reason: String(cString: strerror(errno)))
        }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Ends the current `poll`, or else the next.
    func signal() {
        var byte: UInt8 = 1
        _ = write(writeEnd, &byte, 1)  // a full one wakes as well
    }

    /// Takes back all signals so far.
    func drain() {
        var bytes: [UInt8] = Array(repeating: 0, count: 64)
        while read(readEnd, &bytes, bytes.count) > 0 {}
    }

    /// Blocks until `descriptor` can be read, `signal` is called, or `milliseconds` have passed (-1: no limit).
    /// Returns whether it was signalled; the signal is taken.
    func wait(for descriptor: Int32, milliseconds: Int32 = -1) -> Bool {
        var descriptors = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&descriptors, 2, milliseconds) > 0, descriptors[1].revents != 0 else { return false }
        drain()
        return true
    }
}

/// Whether the task that waits for one statement was cancelled; wakes the thread that runs the statement.
final class Cancellation: Sendable {
    private let flag = Atomic(false)
    private let wakeup: Wakeup

    init(_ wakeup: Wakeup) { self.wakeup = wakeup }

    var isCancelled: Bool { flag.load(ordering: .acquiring) }

    func cancel() {
        flag.store(true, ordering: .releasing)
        wakeup.signal()
    }
}
