import GitWire
import Synchronization

/// The output of a program that runs in a container, cut into lines, up to the line that says how it ended.
///
/// Docker drops what has not been taken two seconds after a program's end, and a build's log may be slower than that.
/// Hence a shell starts the program, says how it ended in a last line, and stays until the container goes.
final class ExecOutput: Sendable {
    /// The program ended, and all that it printed has been taken.
    struct Ended: Error {
        let code: Int
    }

    private struct State {
        var splitter = LineSplitter()
        /// Empty lines that may belong to the last line.
        var heldBack = 0
    }

    private let state = Mutex(State())
    /// Nobody else prints it.
    private let mark: String
    private let print: @Sendable ([UInt8]) async -> Void

    /// - Parameter print: is given each line, without its line feed.
    init(_ print: @escaping @Sendable ([UInt8]) async -> Void) {
        mark = "exit-\(UInt64.random(in: .min ... .max))-\(UInt64.random(in: .min ... .max))"
        self.print = print
    }

    /// What runs `command` and then prints how it ended.
    func wrapping(_ command: [String]) -> [String] {
        let script = """
            exec 2>&1; "$@"; printf '\\n%s %s\\n' \(mark) $?
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; exec sleep 604800
            """
        return ["/bin/sh", "-c", script, "sh"] + command
    }

    /// Takes the next bytes.
    ///
    /// - Throws: `Ended` once they say how the program ended.
    func take(_ bytes: [UInt8]) async throws {
        for line in state.withLock({ $0.splitter.append(bytes) }) { try await take(line: line) }
    }

    /// Takes what is left when the output ended without a last line: someone killed the shell.
    func finish() async {
        let (empty, rest) = state.withLock { ($0.heldBack, $0.splitter.finish()) }
        for line in [[UInt8]](repeating: [], count: empty) + rest { await print(line) }
    }

    private func take(line: [UInt8]) async throws {
        if line.isEmpty {
            state.withLock { $0.heldBack += 1 }
            return
        }
        let code = code(in: line)
        let empty = state.withLock { state in
            defer { state.heldBack = 0 }
            // One comes from the shell, unless the program ended without a line feed.
            return code == nil ? state.heldBack : max(0, state.heldBack - 1)
        }
        for _ in 0..<empty { await print([]) }
        if let code { throw Ended(code: code) }
        await print(line)
    }

    private func code(in line: [UInt8]) -> Int? {
        let text = Array("\(mark) ".utf8)
        return line.starts(with: text) ? Int(String(decoding: line.dropFirst(text.count), as: UTF8.self)) : nil
    }
}
