import ArgumentParser

struct AppsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apps", abstract: "What is deployed here.",
        subcommands: [
            AppsCreate.self, AppsList.self, AppsInfo.self, AppsRename.self, AppsSet.self, AppsTransfer.self,
            AppsDestroy.self,
        ])
}
