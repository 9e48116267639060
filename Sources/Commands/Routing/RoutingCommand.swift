import ArgumentParser

struct RoutingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "routing", abstract: "How the proxy treats an app's requests.",
        subcommands: [RoutingSet.self, RoutingShow.self])
}
