import ArgumentParser

struct PortsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ports", abstract: "The machine's ports that lead to an app, without HTTP.",
        subcommands: [PortsAdd.self, PortsRemove.self, PortsList.self])
}
