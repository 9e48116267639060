/// Turns BuildKit's `--progress=plain` output into lines for people: each step once with how long it took, what its
/// programs print without prefixes, nothing of BuildKit's own housekeeping. Does no I/O.
///
/// A client writes `#N NAME` when it begins to tell of step N or comes back to it, then `#N TIME TEXT` for each line
/// that the step's program printed, and at last `#N DONE`, `#N CACHED`, `#N CANCELED` or `#N ERROR`.
struct PlainProgress {
    /// How many lines of each step are kept to be shown again when it fails.
    static let keptLines = 20

    private struct Step {
        let name: String
        /// Nil for a step that is not shown.
        let title: StepTitle?
        var isHeaded = false
        var lastLines: [[UInt8]] = []
    }

    /// Names the steps; nil hides one.
    private let title: @Sendable (StepTitle) -> StepTitle?
    private var steps: [Int: Step] = [:]
    /// The step of which the line shown last tells.
    private var current: Int?
    /// A step that has begun but was not shown yet, because it may be said to be cached in the next line.
    private var beginning: Int?
    private var isInSummary = false
    /// The step that failed and BuildKit's words for it, which may have several lines.
    private var failing: (number: Int, words: String, isOpen: Bool)?
    private var complaint: String?
    /// The steps shown that were taken from the cache, and all of them.
    private(set) var cached = 0
    private(set) var total = 0

    /// - Parameter title: how a step of the Dockerfile is shown; nil when it is not. By default as it is written.
    init(title: @escaping @Sendable (StepTitle) -> StepTitle? = { $0 }) { self.title = title }

    /// What to show for one line of output, given without its line feed.
    mutating func take(_ line: [UInt8]) -> [ProgressLine] {
        switch PlainLine(line) {
        case .rule:
            isInSummary.toggle()
            failing?.isOpen = false
            return []
        case _ where isInSummary: return []
        case .step(let number, let rest): return take(rest, of: number)
        case .other(let text):
            note(String(decoding: text, as: UTF8.self))
            return []
        }
    }

    /// What to show once no more lines wait to be taken.
    mutating func pause() -> [ProgressLine] { head() }

    /// What was said of the cache; nil when there was no step that could be in it.
    var summary: String? {
        guard total > 0 else { return nil }
        return total == 1 ? (cached == 1 ? "the step was cached" : nil) : "\(cached) of \(total) steps cached"
    }

    /// Why the build failed; nil while nothing says that it did.
    var failure: StepFailure? {
        guard let failing, let step = steps[failing.number] else {
            return complaint.map { StepFailure(command: "", words: $0) }
        }
        let command = (step.title ?? StepTitle(vertex: step.name))?.command ?? step.name
        return StepFailure(
            command: command, words: failing.words,
            lastLines: step.lastLines.map { String(decoding: $0, as: UTF8.self) },
            isBuried: current != failing.number)
    }

    private mutating func take(_ rest: [UInt8], of number: Int) -> [ProgressLine] {
        failing?.isOpen = false
        let isWaiting = beginning == number
        // Another step's lines come: what has begun is no longer about to be called cached.
        let before = isWaiting ? [] : head()
        guard let step = steps[number] else { return before + begin(number, String(decoding: rest, as: UTF8.self)) }
        if let text = PlainLine.printed(rest) { return before + printed(text, by: number) }
        let word = String(decoding: rest, as: UTF8.self)
        guard word != step.name, !word.hasPrefix("sha256:") else { return before }
        return before + end(number, word)
    }

    private mutating func begin(_ number: Int, _ name: String) -> [ProgressLine] {
        let title = StepTitle(vertex: name).flatMap(title)
        steps[number] = Step(name: name, title: title)
        guard let title else { return [] }
        if !title.isBase { total += 1 }
        beginning = number
        return []
    }

    /// The heading of the step that has begun.
    private mutating func head() -> [ProgressLine] {
        guard let number = beginning else { return [] }
        beginning = nil
        return heading(number)
    }

    private mutating func heading(_ number: Int, _ remark: String = "") -> [ProgressLine] {
        guard let title = steps[number]?.title else { return [] }
        beginning = beginning == number ? nil : beginning
        current = number
        steps[number]?.isHeaded = true
        return [.said("Step \(title.position): \(title.shortCommand)\(remark)")]
    }

    /// The heading that a line of the step needs so that it is not taken for another step's.
    private mutating func attribution(_ number: Int) -> [ProgressLine] {
        guard let step = steps[number], let title = step.title else { return [] }
        if !step.isHeaded { return heading(number) }
        guard current != number else { return [] }
        current = number
        return [.said("Step \(title.position), continued:")]
    }

    private mutating func printed(_ text: [UInt8], by number: Int) -> [ProgressLine] {
        if let (text, end) = PlainLine.glued(text, number) {
            let shown = text.isEmpty ? [] : printed(text, by: number)
            return shown + self.end(number, String(decoding: end, as: UTF8.self))
        }
        keep(text, of: number)
        guard steps[number]?.title != nil else { return [] }
        let line = Self.clipped(text).map(ProgressLine.said) ?? .printed(text)
        return attribution(number) + [line]
    }

    private mutating func keep(_ text: [UInt8], of number: Int) {
        steps[number]?.lastLines.append(text)
        if let count = steps[number]?.lastLines.count, count > Self.keptLines { steps[number]?.lastLines.removeFirst() }
    }

    /// BuildKit drops what a step prints beyond its limits, by default 2 MiB in all and 200 KiB per second.
    private static func clipped(_ text: [UInt8]) -> String? {
        let start = "[output clipped, log limit "
        let end = " reached]"
        guard text.starts(with: start.utf8) else { return nil }
        let line = String(decoding: text, as: UTF8.self)
        guard line.hasSuffix(end) else { return nil }
        return "(output left out: the step printed more than the \(line.dropFirst(start.count).dropLast(end.count))"
            + " that BuildKit keeps)"
    }

    private mutating func end(_ number: Int, _ word: String) -> [ProgressLine] {
        if word == "CACHED" { return cache(number) }
        if word.hasPrefix("DONE ") { return done(number, word.dropFirst(5)) }
        guard word.hasPrefix("ERROR: "), failing == nil else { return [] }
        failing = (number, String(word.dropFirst(7)), true)
        // A step that fails at once has not been shown yet.
        return steps[number]?.isHeaded == true ? [] : heading(number)
    }

    private mutating func cache(_ number: Int) -> [ProgressLine] {
        guard let step = steps[number], let title = step.title else { return [] }
        // Images that are here are called cached even when nothing may be.
        if title.isBase { return step.isHeaded ? [] : heading(number) }
        cached += 1
        return step.isHeaded ? attribution(number) + [.said("(cached)")] : heading(number, " (cached)")
    }

    private mutating func done(_ number: Int, _ time: Substring) -> [ProgressLine] {
        guard let step = steps[number], let title = step.title else { return [] }
        let before = step.isHeaded ? [] : heading(number)
        guard let seconds = Double(time.dropLast()), seconds >= 1 else { return before }
        return before + [.said("Step \(title.position) done (\(seconds) s)")]
    }

    /// A line outside any step: more of a failure's words, or a client's own complaint, of which the last one counts.
    private mutating func note(_ line: String) {
        if failing?.isOpen == true, !line.isEmpty {
            failing?.words += "\n\(line)"
        } else if ["ERROR: ", "error: ", "failed to ", "Cannot connect"].contains(where: line.hasPrefix) {
            complaint = line
        }
    }
}
