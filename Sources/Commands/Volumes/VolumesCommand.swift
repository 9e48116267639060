import ArgumentParser

struct VolumesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "volumes", abstract: "Files of an app that outlive its processes.",
        subcommands: [VolumesAdd.self, VolumesRemove.self, VolumesList.self])
}
