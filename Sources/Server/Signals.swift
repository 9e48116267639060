import Glibc
import Synchronization
import Threads

/// The signals that ask the daemon to stop, as a sequence.
enum Signals {
    /// Where the signal handler writes: a handler may do little more than that.
    private static let pipe = Atomic<Int32>(-1)

    /// Yields once for each `SIGTERM` or `SIGINT`, from now on. Used once in a process.
    static func stopRequests() -> AsyncStream<Void> {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { return AsyncStream { $0.finish() } }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        pipe.store(ends[1], ordering: .relaxed)
        // Handlers, unlike ignored signals, are not inherited by the programs we start.
        for number in [SIGTERM, SIGINT] {
            signal(number) { _ in
                var byte: UInt8 = 1
                _ = write(Signals.pipe.load(ordering: .relaxed), &byte, 1)
            }
        }
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        let input = ends[0]
        startThread {
            var byte: UInt8 = 0
            while true {
                let count = read(input, &byte, 1)
                if count == 1 { continuation.yield() } else if count == 0 || errno != EINTR { break }
            }
            continuation.finish()
        }
        return stream
    }
}
