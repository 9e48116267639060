package import ArgumentParser

/// The grammar of commands, the same over SSH and on the machine: noun, verb, arguments.
package struct Martlet: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "Push to deploy over SSH.",
        discussion: """
            Push an app:  git remote add martlet ssh://git@HOST:PORT/APP && git push martlet main
            Every list takes --json. 'help NOUN VERB' explains a command; 'apps:create' reads like 'apps create'.
            """,
        subcommands: [
            UsersCommand.self, KeysCommand.self, AppsCommand.self, AccessCommand.self, ConfigCommand.self,
            BuildsCommand.self, DeployCommand.self, ReleasesCommand.self, RollbackCommand.self, PromoteCommand.self,
            AbortCommand.self, PsCommand.self, LimitsCommand.self, DomainsCommand.self, RoutingCommand.self,
            MaintenanceCommand.self, VisitorsCommand.self, VolumesCommand.self, PortsCommand.self,
            CertificatesCommand.self, EventsCommand.self, WorkersCommand.self, SecretsCommand.self, DoctorCommand.self,
            GarbageCommand.self, DriftCommand.self, WhoamiCommand.self, VersionCommand.self,
        ])

    package init() {}
}
