import TestKit
import Testing

/// One transcript as git and Martlet took it.
struct Play: Sendable {
    let git: Outcome
    let ours: Outcome

    /// Where the two part; empty when they agree.
    var differences: [String] {
        var found = isFailedTogether ? [] : Self.compare("outcome", git.summary, ours.summary)
        found += Self.compare("references", git.references, ours.references)
        found += Self.compare("advertised", git.advertised, ours.advertised)
        found += Self.compare("git fsck", [git.isSound ? "sound" : "unsound"], [ours.isSound ? "sound" : "unsound"])
        if !ours.leftovers.isEmpty { found.append("left over: \(ours.leftovers)") }
        return found
    }

    /// Whether an atomic push failed as a whole for both: then we may say more about why.
    private var isFailedTogether: Bool {
        !git.results.isEmpty && git.results.allSatisfy { $0.hasSuffix(" atomic transaction failed") }
            && ours.results.count == git.results.count && ours.results.allSatisfy { $0.hasPrefix("ng ") }
    }

    private static func compare(_ what: String, _ git: [String], _ ours: [String]) -> [String] {
        guard git != ours else { return [] }
        let changes = ours.difference(from: git).map { change in
            switch change {
            case .remove(_, let line, _): "\(what): only git '\(line)'"
            case .insert(_, let line, _): "\(what): only we '\(line)'"
            }
        }
        return changes.count > 20 ? changes.prefix(20) + ["… and \(changes.count - 20) more"] : changes
    }
}

/// A transcript and what is expected of it.
struct Case: Sendable {
    enum Fate: Sendable {
        case taken, refused
    }

    let name: String
    let transcript: Transcript
    var prepare = ""
    /// Whether the client leaves its side open.
    var endless = false
    var protocolVersion: String?
    /// Where Martlet means to differ: the lines of its summary after the stream's end.
    var ours: [String]?
    /// Whether it matters only that something is refused, not how.
    var isLoose = false
    /// How long a server may take.
    var seconds = 120
    /// What becomes of it where git, on purpose, does the opposite; nil where both shall agree.
    var deliberate: Fate?

    /// Plays it and records what is not as expected. What is said of references is checked in any case.
    func check(_ world: World) async throws {
        let play = try await world.play(
            transcript, prepare: prepare, endless: endless, protocolVersion: protocolVersion, seconds: seconds)
        let told =
            "\(name)\n--- git said\n\(play.git.text)--- we said (unpack \(play.ours.unpack ?? "-"))\n\(play.ours.text)"
        #expect(play.ours.leftovers.isEmpty, "\(told)")
        if let ours {
            #expect(play.ours.summary == ["status 0", "unpack ok", "complete"] + ours, "\(told)")
            #expect(play.ours.isSound, "\(told)")
        } else if let deliberate {
            #expect(play.ours.isRefused == (deliberate == .refused), "\(told)")
            #expect(play.git.isRefused == (deliberate == .taken), "git has changed its mind: \(told)")
        } else {
            let differences = isLoose && play.git.isRefused && play.ours.isRefused ? [] : play.differences
            #expect(differences.isEmpty, "\(differences.joined(separator: "\n")) in \(told)")
        }
        checkReport(play.ours, told)
    }

    /// What is reported as done is so.
    private func checkReport(_ outcome: Outcome, _ told: String) {
        let values = Dictionary(
            outcome.references.map { line in
                let words = line.split(separator: " ").map(String.init)
                return (words[1], words[0])
            }, uniquingKeysWith: { one, _ in one })
        for command in transcript.commands where outcome.results.contains("ok \(command.name)") {
            let value = values[command.name] ?? World.zero
            #expect(value == command.new, "\(command.name) is reported as done\n\(told)")
        }
    }
}

/// Plays all cases.
func check(_ cases: [Case]) async throws {
    let world = try await World.shared
    for one in cases { try await one.check(world) }
}
