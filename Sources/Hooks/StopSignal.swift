import CSpawn
import Glibc

/// Tells a thread that waits in `poll` to stop.
final class StopSignal: Sendable {
    /// Becomes readable.
    let descriptor: Int32
    private let writeEnd: Int32

    init() throws(HookError) {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC | O_NONBLOCK) == 0 else {
            throw HookError(operation: "run a hook", reason: String(cString: strerror(errno)))
        }
        (descriptor, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(descriptor)
        close(writeEnd)
    }

    /// May be called from any thread, and more than once.
    func send() {
        var byte: UInt8 = 1
        _ = write(writeEnd, &byte, 1)
    }
}
