import ArgumentParser
import Platform

struct VolumesRemove: Verb {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take a volume from an app, with its files (maintainers).")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "The volume's name.")
    var volume: String

    @Option(help: "The volume's name once more: its files cannot be brought back.")
    var confirm: String?

    @OptionGroup var restart: VolumeFlags

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .maintainer)
        guard let found = try await context.volumes.list(of: app).first(where: { $0.name == volume }) else {
            throw Refusal.unknownVolume(volume, of: app.name)
        }
        guard confirm == found.name else {
            throw Refusal(
                "this removes the volume '\(found.name)' of '\(app.name)' with its files for good; if you mean it: "
                    + "volumes remove \(app.name) \(found.name) --confirm \(found.name)",
                exitStatus: 2)
        }
        let removed = try await context.volumes.remove(found.name, from: app)
        try await context.record("volumes.remove", "\(app.name) \(removed.name):\(removed.path)")
        try await context.print("app '\(app.name)' has the volume '\(removed.name)' no more")
        try await context.restart(app, summary: "without volume \(removed.name)", restart)
    }
}
