import ArgumentParser

struct BuildsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "builds", abstract: "What pushes were made into.",
        subcommands: [
            BuildsList.self, BuildsInfo.self, BuildsLog.self, BuildsCancel.self, BuildsRetry.self, BuildsSettings.self,
            BuildsSet.self, BuildsCache.self,
        ])
}
