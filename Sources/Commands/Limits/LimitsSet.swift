import ArgumentParser
import Platform

struct LimitsSet: Verb {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Say how much each process of a type may use (deployers; admins any amount).",
        usage: "martlet limits set <app> <type> memory=512M cpus=0.5",
        discussion: "'default' takes back what was set. The processes are replaced, as with 'ps restart'.")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "The type of processes, such as web.")
    var type: String

    @Argument(help: "memory=SIZE, cpus=NUMBER.")
    var limits: [String]

    @OptionGroup var flags: RunFlags

    func run(in context: CommandContext) async throws {
        let entry = try Self.entry(type, limits, context.caller.isAdmin ? Self.any : context.allowances)
        let app = try await context.apps.named(app, for: context.caller, atLeast: .deployer)
        let live = try await context.releases.live(of: app.id)
        if let live { try context.check([entry.type], in: try await context.plans(of: app, live: live), of: app, live) }
        try await context.arrange(
            [entry], of: app, live: live, summary: "limit \(entry.type) \(limits.joined(separator: " "))",
            action: "limits.set", isDetached: flags.detach)
    }

    /// What engines can do at all.
    static let any = Allowances(memoryBytes: (6 << 20)...(1 << 50), cpus: 0.01...1_024)

    /// What the words say of a type.
    ///
    /// - Throws: `Refusal` for another word, and for what is not allowed.
    static func entry(_ type: String, _ words: [String], _ allowed: Allowances) throws(Refusal) -> FormationEntry {
        var entry = FormationEntry(type: try ProcessType.check(type))
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { throw invalid(word) }
            switch (parts[0], entry.memoryBytes, entry.cpus) {
            case ("memory", nil, _): entry.memoryBytes = try memory(parts[1], allowed.memoryBytes)
            case ("cpus", _, nil): entry.cpus = try cpus(parts[1], allowed.cpus)
            default: throw invalid(word)
            }
        }
        return entry
    }

    private static func memory(_ text: String, _ range: ClosedRange<Int>) throws(Refusal) -> Int {
        if text == "default" { return 0 }
        guard let count = ByteCount(text) else { throw invalid("memory=\(text)") }
        guard range.contains(count.bytes) else {
            throw Refusal(
                "memory=\(count) is not within \(ByteCount(range.lowerBound))-\(ByteCount(range.upperBound)); "
                    + "ask an admin for more")
        }
        return count.bytes
    }

    private static func cpus(_ text: String, _ range: ClosedRange<Double>) throws(Refusal) -> Double {
        if text == "default" { return 0 }
        guard text.utf8.allSatisfy({ (48...57).contains($0) || $0 == UInt8(ascii: ".") }), let cpus = Double(text)
        else {
            throw invalid("cpus=\(text)")
        }
        guard range.contains(cpus) else {
            throw Refusal(
                "cpus=\(SizeWords.text(cpus)) is not within \(SizeWords.text(range.lowerBound))-"
                    + "\(SizeWords.text(range.upperBound)); ask an admin for more")
        }
        return cpus
    }

    private static func invalid(_ word: String) -> Refusal {
        Refusal(
            "'\(String(word.prefix(60)).escaped)' is no limit; write memory=512M, cpus=0.5 or 'default', each once",
            exitStatus: 2)
    }
}
