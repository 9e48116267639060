import ArgumentParser

struct MaintenanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maintenance", abstract: "Show visitors a page instead of the app.",
        subcommands: [MaintenanceOn.self, MaintenanceOff.self])
}
