import Glibc
import Platform
import Threads

/// A conversation over this process's standard input, output and error.
package actor StandardConversation: Conversation {
    /// A stream of the process failed, as when the other end was closed.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let thread = WorkerThread()
    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    package init() { signal(SIGPIPE, SIG_IGN) }

    package func read() throws -> [UInt8] {
        try awaitInput()
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, filled in
            repeat {
                count = Glibc.read(STDIN_FILENO, buffer.baseAddress, buffer.count)
            } while count < 0 && errno == EINTR
            filled = max(0, count)
        }
        guard count >= 0 else {
            throw Failure(description: "cannot read standard input: \(String(cString: strerror(errno)))")
        }
        return bytes
    }

    /// Waits in short turns: a thread that sits in `read` cannot be told that nobody waits for the bytes any more.
    private func awaitInput() throws {
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        while poll(&input, 1, 200) == 0 { try Task.checkCancellation() }
    }

    package func write(_ bytes: [UInt8]) throws { try send(bytes, to: STDOUT_FILENO) }
    package func writeError(_ bytes: [UInt8]) throws { try send(bytes, to: STDERR_FILENO) }

    private func send(_ bytes: [UInt8], to descriptor: Int32) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure(description: "cannot write: \(String(cString: strerror(errno)))") }
            rest = rest.dropFirst(count)
        }
    }
}
