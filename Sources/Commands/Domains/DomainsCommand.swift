import ArgumentParser

struct DomainsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "domains", abstract: "The addresses of an app beside its default one.",
        subcommands: [DomainsAdd.self, DomainsRemove.self, DomainsList.self])
}
