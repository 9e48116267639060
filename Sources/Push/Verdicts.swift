import Git
import GitWire

/// What becomes of each command of a push, in the order they came.
struct Verdicts: Sendable {
    private enum Verdict: Sendable {
        case pending, accepted
        case rejected(String)
    }

    /// A command whose name is a valid reference name.
    struct Item: Sendable {
        fileprivate let index: Int
        let command: Command
        let update: ReferenceUpdate
    }

    let commands: [Command]
    private var verdicts: [Verdict]

    init(_ request: ReceivePackRequest) {
        commands = request.commands
        verdicts = commands.map { _ in .pending }
        for (index, command) in commands.enumerated() {
            if command.hasFunnyName { verdicts[index] = .rejected("funny refname") }
            if request.repeatedNames.contains(command.rawName) {
                verdicts[index] = .rejected("multiple updates for ref not allowed")
            }
        }
    }

    /// The commands that nothing speaks against so far.
    var pending: [Item] {
        commands.indices.compactMap { index in
            guard case .pending = verdicts[index], let name = commands[index].name else { return nil }
            let command = commands[index]
            return Item(
                index: index, command: command, update: ReferenceUpdate(name: name, old: command.old, new: command.new))
        }
    }

    func isAccepted(_ item: Item) -> Bool {
        if case .accepted = verdicts[item.index] { true } else { false }
    }

    mutating func accept(_ item: Item) { verdicts[item.index] = .accepted }

    mutating func reject(_ item: Item, _ reason: String) { verdicts[item.index] = .rejected(reason) }

    /// Rejects every command that was not rejected for a reason of its own.
    mutating func rejectAll(_ reason: String) {
        for item in pending { reject(item, reason) }
    }

    /// In an atomic push, one rejection rejects all.
    mutating func spreadRejection() {
        if pending.count < commands.count { rejectAll("atomic push failure") }
    }

    /// The report in the form that the client asked for; empty when it asked for none.
    func report(unpackError: String?, for request: ReceivePackRequest) -> [UInt8] {
        guard let version = request.capabilities.reportVersion else { return [] }
        let results = zip(commands, verdicts).map { command, verdict in
            switch verdict {
            case .accepted: ReportStatus.Result(name: command.rawName, outcome: .ok)
            case .rejected(let reason): ReportStatus.Result(name: command.rawName, outcome: .rejected(reason))
            case .pending: ReportStatus.Result(name: command.rawName, outcome: .rejected("not processed"))
            }
        }
        return ReportStatus(unpackError: unpackError, results: results).encoded(for: version)
    }
}
