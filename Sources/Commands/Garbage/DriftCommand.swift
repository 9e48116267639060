import ArgumentParser
import Platform

struct DriftCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "drift", abstract: "List what on the machine is not as it should be, and change nothing.",
        discussion: """
            Processes that are wanted and do not run, or run and are not wanted; wrong addresses; containers, networks and \
            volumes that are nobody's; a proxy that is down or has other routes; releases that are half deployed, or whose \
            image is gone. The daemon puts right what it can by itself within a minute. Exit status 0 when nothing differs, 1 otherwise, as of \
            'git diff --exit-code'. With APP: viewers; without: admins.
            """)

    @Argument(help: "The app's name; without it, all apps and what is no app's.")
    var app: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run(in context: CommandContext) async throws {
        let app = try await context.app(app, atLeast: .viewer)
        let all = try await context.upkeep.drift(app)
        try await context.list(
            all, asJSON: json, header: ["APP", "WHAT", "NAME", "PROBLEM"], none: "everything is as it should be"
        ) {
            [$0.app ?? "-", $0.kind.rawValue, $0.name.escaped, $0.problem.escaped]
        }
        guard all.isEmpty else {
            let count = all.count == 1 ? "1 thing differs" : "\(all.count) things differ"
            throw Refusal("\(count); the daemon puts right what it can within a minute, 'doctor' says why it might not")
        }
    }
}
