import ArgumentParser

struct VisitorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "visitors", abstract: "Who may see an app at all.",
        subcommands: [VisitorsAdd.self, VisitorsRemove.self, VisitorsList.self, VisitorsForward.self])
}
