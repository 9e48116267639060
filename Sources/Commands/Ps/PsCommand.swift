import ArgumentParser

struct PsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ps", abstract: "The processes of an app.",
        subcommands: [PsList.self, PsScale.self, PsRestart.self, PsStop.self, PsStart.self])
}
