import ArgumentParser

struct LimitsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limits", abstract: "How much memory and CPU processes may use.",
        subcommands: [LimitsSet.self, LimitsList.self])
}
