import Build
import Platform
import Synchronization

/// A build's log, in memory.
final class Lines: BuildOutput {
    private struct State {
        var lines: [LogLine] = []
        var pause: (line: String, for: Duration)?
    }

    private let state = Mutex(State())

    var all: [String] { state.withLock { $0.lines.map(\.text) } }
    var text: String { all.joined(separator: "\n") }

    /// A line after which no more are taken for a while.
    var pause: (line: String, for: Duration)? {
        get { state.withLock { $0.pause } }
        set { state.withLock { $0.pause = newValue } }
    }

    func add(_ stream: LogLine.Stream, _ text: String) async {
        let pause = state.withLock { state in
            state.lines.append(LogLine(stream, text))
            return state.pause?.line == text ? state.pause?.for : nil
        }
        if let pause { _ = try? await Task.sleep(for: pause) }
    }

    func contains(_ part: String) -> Bool { all.contains { $0.contains(part) } }
}
