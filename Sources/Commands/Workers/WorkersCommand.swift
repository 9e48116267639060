import ArgumentParser

struct WorkersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workers", abstract: "Processes that build; on the machine also: workers add|remove NAME.",
        subcommands: [WorkersList.self])
}
