import ArgumentParser
import Platform

struct PsScale: Verb {
    static let configuration = CommandConfiguration(
        commandName: "scale", abstract: "Say how many processes of each type there are (deployers).",
        usage: "martlet ps scale <app> TYPE=NUMBER …\nmartlet ps scale <app>",
        discussion: "It holds for every release from then on. Without numbers it shows them.")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "Such as web=2 worker=1; 0 for none.")
    var quantities: [String] = []

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var flags: RunFlags

    func run(in context: CommandContext) async throws {
        let entries = try Self.entries(quantities)
        let app = try await context.apps.named(
            app, for: context.caller, atLeast: entries.isEmpty ? .viewer : .deployer)
        let live = try await context.releases.live(of: app.id)
        let plans = try await context.plans(of: app, live: live)
        if entries.isEmpty { return try await show(app, plans, context) }
        if let live { try check(entries, plans, app, live, context) }
        let summary = "scale " + entries.map { "\($0.type)=\($0.quantity ?? 0)" }.joined(separator: " ")
        try await context.arrange(
            entries, of: app, live: live, summary: summary, action: "ps.scale", isDetached: flags.detach)
    }

    private func check(
        _ entries: [FormationEntry], _ plans: [ProcessPlan], _ app: App, _ live: Release, _ context: CommandContext
    ) throws(Refusal) {
        try context.check(entries.map(\.type), in: plans, of: app, live)
        for entry in entries where entry.quantity ?? 0 > 1 {
            guard plans.first(where: { $0.type == entry.type })?.strategy != .exclusive else {
                throw Refusal("'\(entry.type)' of '\(app.name)' is exclusive: there is never more than one of it")
            }
        }
    }

    private func show(_ app: App, _ plans: [ProcessPlan], _ context: CommandContext) async throws {
        struct Entry: Encodable {
            let type: String
            let quantity: Int
        }
        let set = try await context.formation.entries(of: app).filter { entry in
            !plans.contains { $0.type == entry.type }
        }
        let entries =
            plans.map { Entry(type: $0.type, quantity: $0.quantity) }
            + set.compactMap { entry in entry.quantity.map { Entry(type: entry.type, quantity: $0) } }
        try await context.list(
            entries, asJSON: json, header: ["TYPE", "QUANTITY"], none: "app '\(app.name)' has no processes"
        ) { [$0.type, "\($0.quantity)"] }
    }

    /// What `TYPE=NUMBER` words say.
    ///
    /// - Throws: `Refusal` for another word, and for a type that comes twice.
    static func entries(_ words: [String]) throws(Refusal) -> [FormationEntry] {
        var entries: [FormationEntry] = []
        for word in words {
            let parts = word.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(parts[1]),
                (0...100).contains(number)
            else {
                throw Refusal(
                    "'\(String(word.prefix(60)).escaped)' is not TYPE=NUMBER, such as web=2, with a number of 0-100",
                    exitStatus: 2)
            }
            let type = try ProcessType.check(String(parts[0]))
            guard !entries.contains(where: { $0.type == type }) else {
                throw Refusal("'\(type)' is there twice; which number?", exitStatus: 2)
            }
            entries.append(FormationEntry(type: type, quantity: number))
        }
        return entries
    }
}

/// The name of a type of processes as an argument.
enum ProcessType {
    /// - Throws: `Refusal` unless it is a DNS label, and for the type that only runs once for each release.
    static func check(_ text: String) throws(Refusal) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "-")
        }
        guard (1...63).contains(text.utf8.count), isPlain, !text.hasPrefix("-"), !text.hasSuffix("-") else {
            throw Refusal(
                "'\(String(text.prefix(60)).escaped)' is not a type of processes, such as 'web' or 'worker'",
                exitStatus: 2)
        }
        guard text != ProcessDeclaration.release else {
            throw Refusal("'release' is no type of processes: its command runs once for each release", exitStatus: 2)
        }
        return text
    }
}
