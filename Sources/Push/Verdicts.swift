import Git
import GitWire

/// What becomes of each command of a push, in the order they came.
struct Verdicts: Sendable {
    private enum Verdict: Sendable {
        case pending, accepted
        /// A deletion of what was not there: done, but nothing moved.
        case absent
        case rejected(String)
        /// Shares the fate of the command at this index, which asks for the same by another name.
        case like(Int)
    }

    /// A command whose name is a valid reference name.
    struct Item: Sendable {
        fileprivate let index: Int
        /// What is to be done; the name is the one that a symbolic reference stands for.
        let update: ReferenceUpdate
    }

    let commands: [Command]
    private var names: [ReferenceName?]
    private var verdicts: [Verdict]

    init(_ request: ReceivePackRequest) {
        commands = request.commands
        names = commands.map(\.name)
        verdicts = commands.map { _ in .pending }
        let repeated = request.repeatedNames
        for (index, command) in commands.enumerated() {
            if command.hasFunnyName { verdicts[index] = .rejected(Self.objection(toNameOf: command)) }
            if repeated.contains(command.rawName) {
                verdicts[index] = .rejected("multiple updates for ref not allowed")
            }
        }
    }

    /// Git looks whether a name is hidden before it looks whether it is one at all.
    private static func objection(toNameOf command: Command) -> String {
        guard command.hasHiddenName else { return "funny refname" }
        return command.new.isZero ? "deny deleting a hidden ref" : "deny updating a hidden ref"
    }

    /// The commands that nothing speaks against so far.
    var pending: [Item] {
        commands.indices.compactMap { index in
            guard case .pending = verdicts[index], let name = names[index] else { return nil }
            let command = commands[index]
            return Item(index: index, update: ReferenceUpdate(name: name, old: command.old, new: command.new))
        }
    }

    /// Whether some command is rejected.
    var hasRejection: Bool {
        verdicts.contains { if case .rejected = $0 { true } else { false } }
    }

    func isAccepted(_ item: Item) -> Bool {
        switch verdicts[item.index] {
        case .accepted, .absent: true
        case .pending, .rejected, .like: false
        }
    }

    /// What moved.
    var moved: [ReferenceUpdate] {
        commands.indices.compactMap { index in
            guard case .accepted = verdicts[index], let name = names[index] else { return nil }
            return ReferenceUpdate(name: name, old: commands[index].old, new: commands[index].new)
        }
    }

    mutating func accept(_ item: Item) { verdicts[item.index] = .accepted }

    mutating func acceptAbsent(_ item: Item) { verdicts[item.index] = .absent }

    mutating func reject(_ item: Item, _ reason: String) { verdicts[item.index] = .rejected(reason) }

    /// Makes the command mean another reference.
    mutating func redirect(_ item: Item, to name: ReferenceName) { names[item.index] = name }

    /// Gives the command the fate of another one.
    mutating func follow(_ item: Item, _ other: Item) { verdicts[item.index] = .like(other.index) }

    /// Rejects every command that was not rejected for a reason of its own.
    mutating func rejectAll(_ reason: String) {
        for item in pending { reject(item, reason) }
    }

    /// In an atomic push, one rejection rejects all.
    mutating func spreadRejection() {
        if hasRejection { rejectAll("atomic push failure") }
    }

    /// The report in the form that the client asked for; empty when it asked for none.
    func report(unpackError: String?, for request: ReceivePackRequest) -> [UInt8] {
        guard let version = request.capabilities.reportVersion else { return [] }
        let results = commands.indices.map {
            ReportStatus.Result(name: commands[$0].rawName, outcome: outcome(of: verdicts[$0]))
        }
        return ReportStatus(unpackError: unpackError, results: results).encoded(for: version)
    }

    private func outcome(of verdict: Verdict) -> ReportStatus.Outcome {
        switch verdict {
        case .accepted, .absent: .ok
        case .rejected(let reason): .rejected(reason)
        case .pending: .rejected("not processed")
        case .like(let other): outcome(of: verdicts[other])
        }
    }
}
