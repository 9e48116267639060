import Foundation
import GitWire
package import Logging
import Threads

/// Runs an installation's hooks, one after the other.
package struct HookRunner: Sendable {
    /// The most that one hook may print, in bytes; the rest is dropped.
    static let outputLimit = 1 << 20

    private let folder: HookFolder
    private let timeLimit: Duration
    private let grace: Duration
    private let logger: Logger

    /// - Parameters:
    ///   - timeLimit: for each hook; one that takes longer is stopped and counts as failed.
    ///   - grace: what a stopped hook gets to clean up, from `SIGTERM` to `SIGKILL`.
    package init(folder: HookFolder, timeLimit: Duration, grace: Duration = .seconds(5), logger: Logger) {
        self.folder = folder
        self.timeLimit = timeLimit
        self.grace = grace
        self.logger = logger
    }

    /// Whether there is a hook of this kind, or it cannot be told.
    package func has(_ kind: HookKind) -> Bool {
        do { return try !folder.hooks(of: kind).isEmpty } catch { return true }
    }

    /// Runs the hooks of a kind in the order of their names.
    ///
    /// - Parameters:
    ///   - input: what each finds on its standard input.
    ///   - repository: the folder it runs in, absolute.
    ///   - say: takes what it prints, line by line and harmless to a terminal, and what went wrong.
    /// - Returns: whether all succeeded. Of a kind that may decline, none runs after the first that failed.
    /// - Throws: of a kind that may decline, what `say` throws and `CancellationError`; nothing is running any more then.
    ///   Hooks of the other kinds run to their ends even when nobody listens.
    package func run(
        _ kind: HookKind, arguments: [String] = [], input: [UInt8] = [], repository: String,
        environment: HookEnvironment, say: @escaping @Sendable (String) async throws -> Void
    ) async throws -> Bool {
        let hooks: [Hook]
        do {
            hooks = try folder.hooks(of: kind) { name in
                logger.warning(
                    "hook is not executable, hence skipped", metadata: ["hook": "\(kind.folderName)/\(name)"])
            }
        } catch {
            logger.error("cannot read hooks", metadata: ["error": "\(error)"])
            try await say(" !     the server cannot read its hooks; tell the admin")
            return false
        }
        guard !hooks.isEmpty else { return true }
        let processes = hooks.map { hook in
            HookProcess(
                hook: hook, arguments: arguments,
                environment: environment.variables(for: kind, hooks: folder.path, repository: repository),
                directory: repository, input: input, timeLimit: timeLimit, grace: grace)
        }
        if kind.mayDecline { return try await decide(kind, processes, say) }
        return await Task { await runAll(kind, processes, say) }.value
    }

    private func decide(
        _ kind: HookKind, _ processes: [HookProcess], _ say: @escaping @Sendable (String) async throws -> Void
    ) async throws -> Bool {
        for process in processes {
            try Task.checkCancellation()
            guard try await run(kind, process, say) else { return false }
        }
        return true
    }

    private func runAll(
        _ kind: HookKind, _ processes: [HookProcess], _ say: @escaping @Sendable (String) async throws -> Void
    ) async -> Bool {
        let ear = Ear(say)
        var allSucceeded = true
        for process in processes {
            do {
                if try await !run(kind, process, { await ear.say($0) }) { allSucceeded = false }
            } catch {
                logger.error("hook failed", metadata: ["hook": "\(process.hook.name)", "error": "\(error)"])
                allSucceeded = false
            }
        }
        return allSucceeded
    }

    /// Runs one hook and says whether it succeeded.
    private func run(
        _ kind: HookKind, _ process: HookProcess, _ say: @escaping @Sendable (String) async throws -> Void
    ) async throws -> Bool {
        let name = process.hook.name
        do throws(any Error) {
            let (ending, lines) = try await relay(process, say)
            if ending == .cancelled { throw CancellationError() }
            guard ending != .exited(0) else { return true }
            logger.notice("hook failed", metadata: ["hook": "\(kind.folderName)/\(name)", "ending": "\(ending)"])
            if let words = words(for: ending, of: name, wasSilent: lines == 0) { try await say(" !     \(words)") }
            return false
        } catch let error as HookError {
            logger.error("cannot run a hook", metadata: ["hook": "\(kind.folderName)/\(name)", "error": "\(error)"])
            try await say(" !     \(Self.shown(error.description))")
            return false
        }
    }

    /// What the pusher is told beyond the hook's own words; nil when those say it all.
    private func words(for ending: HookEnding, of name: String, wasSilent: Bool) -> String? {
        let name = Self.shown(name)
        return switch ending {
        case .exited(let status): wasSilent ? "hook '\(name)' failed with status \(status) and no words" : nil
        case .signalled(let signal): "hook '\(name)' was ended by signal \(signal)"
        case .timedOut: "hook '\(name)' was stopped: it takes longer than \(timeLimit.components.seconds) s"
        case .cancelled: nil
        }
    }

    /// Runs a hook and says its lines as they come.
    ///
    /// - Returns: how it ended, and how many lines it printed.
    private func relay(
        _ process: HookProcess, _ say: @escaping @Sendable (String) async throws -> Void
    ) async throws -> (HookEnding, lines: Int) {
        let stop = try StopSignal()
        let (pieces, arrival) = AsyncStream.makeStream(of: [UInt8].self)
        return try await withTaskCancellationHandler {
            async let ending = onOwnThread { () throws(HookError) -> HookEnding in
                defer { arrival.finish() }
                var room = Self.outputLimit
                return try process.run(stop: stop) { bytes in
                    // What does not fit is read all the same: a hook must not hang because it is talkative.
                    guard room > 0 else { return }
                    arrival.yield(Array(bytes.prefix(room)))
                    room -= bytes.count
                    if room <= 0 { arrival.yield(Array("\n !     the rest of the hook's output is dropped\n".utf8)) }
                }
            }
            do {
                let lines = try await Self.deliver(pieces, to: say)
                return (try await ending, lines)
            } catch {
                stop.send()
                _ = try? await ending
                throw error
            }
        } onCancel: {
            stop.send()
        }
    }

    private static func shown(_ text: String) -> String { ControlCharacters.escape(Array(text.utf8), limit: 400) }

    private static func deliver(
        _ pieces: AsyncStream<[UInt8]>, to say: @Sendable (String) async throws -> Void
    ) async throws -> Int {
        var splitter = LineSplitter()
        var count = 0
        for await piece in pieces {
            for line in splitter.append(piece) {
                try await say(ControlCharacters.neutralise(line))
                count += 1
            }
        }
        for line in splitter.finish() {
            try await say(ControlCharacters.neutralise(line))
            count += 1
        }
        return count
    }
}

/// Somebody who is told things for as long as they listen.
private actor Ear {
    private let tell: @Sendable (String) async throws -> Void
    private var listens = true

    init(_ tell: @escaping @Sendable (String) async throws -> Void) { self.tell = tell }

    func say(_ line: String) async {
        guard listens else { return }
        do { try await tell(line) } catch { listens = false }
    }
}
