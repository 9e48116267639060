import ArgumentParser
import Platform

struct AccessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access", abstract: "Who may do what with an app.",
        subcommands: [AccessGrant.self, AccessRevoke.self, AccessList.self])
}

extension Role: ExpressibleByArgument {}
