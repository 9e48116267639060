import ArgumentParser

struct ReleasesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "releases", abstract: "What serves and what did.",
        subcommands: [ReleasesList.self, ReleasesInfo.self, ReleasesDiff.self])
}
