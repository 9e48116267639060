import Foundation

/// Turns BuildKit's `--progress=plain` output into lines for people: each step once, its output without prefixes,
/// nothing of BuildKit's own housekeeping.
struct PlainProgress {
    private var steps: [String: String] = [:]
    private var inSummary = false
    /// The step that failed and how, such as `'RUN make' exited with 2`; nil while none has.
    private(set) var failure: String?

    /// What to show for one line of output: nothing, or a line.
    mutating func show(_ line: String) -> String? {
        if line == "------" {
            inSummary.toggle()
            return nil
        }
        guard !inSummary else { return nil }
        guard line.hasPrefix("#"), let space = line.firstIndex(of: " ") else { return showUnnumbered(line) }
        let vertex = String(line[..<space])
        let rest = line[line.index(after: space)...]
        guard let name = steps[vertex] else { return begin(vertex, String(rest)) }
        return show(String(rest), of: name)
    }

    private mutating func begin(_ vertex: String, _ name: String) -> String? {
        steps[vertex] = name
        guard let step = Self.step(name) else { return nil }
        return "Step \(step.position): \(step.command)"
    }

    private mutating func show(_ rest: String, of name: String) -> String? {
        let isStep = Self.step(name) != nil
        if rest.hasPrefix("ERROR: ") {
            failure = Self.explain(String(rest.dropFirst(7)), in: name)
            return nil
        }
        if rest == "CACHED" { return isStep ? "(cached)" : nil }
        guard isStep, !rest.hasPrefix("sha256:"), !rest.hasPrefix("DONE "), rest != "..." else { return nil }
        guard let space = rest.firstIndex(of: " "), Double(rest[..<space]) != nil else {
            // A repeated heading after another step's lines, or a line without a time.
            return rest == name || Double(rest) != nil ? nil : rest
        }
        return String(rest[rest.index(after: space)...])
    }

    /// A line outside any step: a client's own complaint. The last one explains a failure that no step had.
    private mutating func showUnnumbered(_ line: String) -> String? {
        let isComplaint = ["ERROR: ", "error: ", "failed to "].contains { line.hasPrefix($0) }
        if failure == nil, isComplaint { failure = Self.explain(line, in: "") }
        return nil
    }

    /// The `2/3` and `RUN make` of `[2/3] RUN make` or `[build 2/3] RUN make`; nil for BuildKit's own steps.
    private static func step(_ name: String) -> (position: Substring, command: Substring)? {
        guard name.hasPrefix("["), let end = name.firstIndex(of: "]"), !name.hasPrefix("[internal]"),
            !name.hasPrefix("[auth]")
        else { return nil }
        return (name[name.index(after: name.startIndex)..<end], name[name.index(after: end)...].drop { $0 == " " })
    }

    private static func explain(_ reason: String, in name: String) -> String {
        let command = step(name)?.command ?? Substring(name)
        if let range = reason.range(of: "exit code: ") {
            return "'\(command)' exited with \(reason[range.upperBound...])"
        }
        // BuildKit wraps one failure into several; the last part is the cause.
        let wrappers = [
            "ERROR: ", "error: ", "failed to solve with frontend dockerfile.v0: ", "failed to solve: ",
            "failed to create LLB definition: ",
        ]
        let cause = wrappers.reduce(reason) { $0.replacingOccurrences(of: $1, with: "") }
        return command.isEmpty ? cause : "'\(command)': \(cause)"
    }
}
