package import Glibc
import Synchronization
import Threads

/// A program that runs while the test goes on.
package final class RunningCommand: Sendable {
    private struct Gathered {
        var output: [UInt8] = []
        var errors: [UInt8] = []
        var openStreams = 2
        var status: Int32?
    }

    package let processID: pid_t
    private let gathered = Mutex(Gathered())

    init(_ process: PipedProcess, input: [UInt8]) {
        processID = process.id
        gather(process.output) { $0.output += $1 }
        gather(process.errors) { $0.errors += $1 }
        startThread {
            var rest = input[...]
            while case let count = rest.withUnsafeBytes({ write(process.input, $0.baseAddress, $0.count) }), count > 0 {
                rest = rest.dropFirst(count)
            }
            close(process.input)
        }
        startThread { [self] in
            let status = process.wait()
            gathered.withLock { $0.status = status }
        }
    }

    /// What it printed so far, output and errors.
    package var text: String {
        gathered.withLock { String(decoding: $0.output, as: UTF8.self) + String(decoding: $0.errors, as: UTF8.self) }
    }

    /// Its exit status; nil while it runs.
    package var status: Int32? { gathered.withLock { $0.openStreams == 0 ? $0.status : nil } }

    /// Waits for its end.
    package func result() async throws -> Command.Result {
        try await eventually(within: .seconds(180), "'\(processID)' ends") { self.status != nil }
        return gathered.withLock {
            Command.Result(
                status: $0.status ?? -1, output: String(decoding: $0.output, as: UTF8.self),
                errors: String(decoding: $0.errors, as: UTF8.self))
        }
    }

    /// Waits until it has printed `part`.
    package func prints(_ part: String, within limit: Duration = .seconds(30)) async throws {
        try await eventually(within: limit, "it prints '\(part)'; so far:\n\(text)") {
            self.text.contains(part) || self.status != nil
        }
        guard text.contains(part) else { throw Unmet("it ended without printing '\(part)':\n\(text)") }
    }

    /// Sends it a signal.
    package func signal(_ number: Int32) { kill(processID, number) }

    /// Sends it and the programs it started a signal, as a terminal does on Ctrl-C.
    package func signalGroup(_ number: Int32) { kill(-processID, number) }

    private func gather(_ stream: Int32, _ add: @escaping @Sendable (inout Gathered, [UInt8]) -> Void) {
        startThread { [self] in
            var buffer = [UInt8](repeating: 0, count: 65536)
            while case let count = read(stream, &buffer, buffer.count), count > 0 {
                gathered.withLock { add(&$0, Array(buffer.prefix(count))) }
            }
            close(stream)
            gathered.withLock { $0.openStreams -= 1 }
        }
    }
}
