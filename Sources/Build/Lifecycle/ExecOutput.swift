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
        /// An empty line that came last: it may belong to the line that says how the program ended.
        var heldBack: [[UInt8]] = []
    }

    private let state = Mutex(State())
    /// Begins the last line; nobody else prints it.
    private let mark: [UInt8]
    private let print: @Sendable ([UInt8]) async -> Void

    /// - Parameter print: is given each line, without its line feed.
    init(_ print: @escaping @Sendable ([UInt8]) async -> Void) {
        mark = Array("exit-\(UInt64.random(in: .min ... .max))-\(UInt64.random(in: .min ... .max)) ".utf8)
        self.print = print
    }

    /// What runs `command` and then prints how it ended.
    func wrapping(_ command: [String]) -> [String] {
        let script = """
            exec 2>&1; "$@"; printf '\\n%s%s\\n' '\(String(decoding: mark, as: UTF8.self))' $?
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; exec sleep 604800
            """
        return ["/bin/sh", "-c", script, "sh"] + command
    }

    /// Takes the next bytes.
    ///
    /// - Throws: `Ended` once they say how the program ended.
    func take(_ bytes: [UInt8]) async throws {
        let (lines, code) = state.withLock { state in take(state.splitter.append(bytes), &state) }
        for line in lines { await print(line) }
        if let code { throw Ended(code: code) }
    }

    /// Takes what is left when the output ended without a last line: someone killed the shell.
    func finish() async {
        for line in state.withLock({ $0.heldBack + $0.splitter.finish() }) { await print(line) }
    }

    /// The lines to print, and the exit code once it is there.
    private func take(_ lines: [[UInt8]], _ state: inout State) -> (lines: [[UInt8]], code: Int?) {
        var taken: [[UInt8]] = []
        for line in lines {
            // An empty line before the last one comes from the shell, unless the program ended without a line feed.
            if let code = code(in: line) { return (taken, code) }
            taken += state.heldBack
            state.heldBack = line.isEmpty ? [line] : []
            if !line.isEmpty { taken.append(line) }
        }
        return (taken, nil)
    }

    private func code(in line: [UInt8]) -> Int? {
        guard line.starts(with: mark) else { return nil }
        return Int(String(decoding: line.dropFirst(mark.count), as: UTF8.self))
    }
}
