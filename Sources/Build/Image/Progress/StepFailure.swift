import Foundation

/// Why a build failed, as far as BuildKit says it.
struct StepFailure: Sendable, Equatable {
    /// What a step did, such as `RUN make`, or what BuildKit itself attempted; empty when no step was at fault.
    let command: String
    /// BuildKit's words for it.
    let reason: String
    /// What the step's program ended with; nil when none ran.
    let exitCode: Int?
    /// What the program was, as BuildKit names it: its arguments with blanks between them; nil when none ran.
    let program: String?
    /// The last lines that the step printed.
    let lastLines: [String]
    /// Whether other lines were shown after those, so that they must be repeated to be seen.
    let isBuried: Bool

    init(command: String, words: String, lastLines: [String] = [], isBuried: Bool = false) {
        self.command = command
        self.lastLines = lastLines
        self.isBuried = isBuried
        let code = words.range(of: "exit code: ", options: .backwards)
        exitCode = code.flatMap { Int(words[$0.upperBound...].prefix { $0.isNumber }) }
        program = Self.program(in: words)
        // BuildKit wraps one failure into several; the last part is the cause.
        let wrappers = [
            "ERROR: ", "error: ", "failed to solve with frontend dockerfile.v0: ",
            "failed to solve with frontend gateway.v0: ", "failed to solve: ", "failed to create LLB definition: ",
            "failed to compute cache key: ", "failed to load cache key: ",
        ]
        reason = wrappers.reduce(words) { $0.replacingOccurrences(of: $1, with: "") }
    }

    /// One line, such as `'RUN make' exited with 2`.
    var description: String {
        if let baseImage { return "the image '\(baseImage)' cannot be had: \(reason)" }
        let title = StepTitle(position: "", command: command).shortCommand
        guard !title.isEmpty else { return reason }
        return exitCode.map { "'\(title)' exited with \($0)" } ?? "'\(title)': \(reason)"
    }

    /// The image that a stage begins with, when it was that which could not be had.
    var baseImage: String? {
        let start = "[internal] load metadata for "
        return command.hasPrefix(start) ? StepTitle.shortImage(command.dropFirst(start.count)) : nil
    }

    /// What stands between the brackets of `executor failed running [/bin/sh -c make]: exit code: 2`, or between the
    /// quotes of newer daemons' `process "/bin/sh -c make" did not complete successfully: exit code: 2`.
    private static func program(in words: String) -> String? {
        for (start, end) in [("executor failed running [", "]: "), ("process \"", "\" did not complete")] {
            guard let from = words.range(of: start), let to = words.range(of: end, options: .backwards),
                from.upperBound <= to.lowerBound
            else { continue }
            return String(words[from.upperBound..<to.lowerBound])
        }
        return nil
    }
}
