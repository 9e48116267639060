import ArgumentParser
import Platform

struct VolumesAdd: Verb {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Give the processes of an app a folder that is kept (maintainers).",
        usage: "martlet volumes add <app> NAME:/path",
        discussion:
            "They are restarted to see it. From then on old processes end before new ones start, unless the volume "
            + "is read-only or the app's repository says otherwise: two would write to it at once.")

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "Such as data:/var/data.")
    var volume: String

    @Flag(help: "The processes cannot write to it.")
    var readOnly = false

    @OptionGroup var restart: VolumeFlags

    func run(in context: CommandContext) async throws {
        guard let colon = volume.firstIndex(of: ":") else {
            throw Refusal(
                "'\(String(volume.prefix(60)).escaped)' is not NAME:/path, such as data:/var/data", exitStatus: 2)
        }
        let app = try await context.apps.named(app, for: context.caller, atLeast: .maintainer)
        let added = try await context.volumes.add(
            String(volume[..<colon]), at: String(volume[volume.index(after: colon)...]), isReadOnly: readOnly, to: app)
        try await context.record("volumes.add", "\(app.name) \(added.name):\(added.path)")
        try await context.print("app '\(app.name)' has the volume '\(added.name)' at '\(added.path)'")
        try await context.restart(app, summary: "volume \(added.name) at \(added.path)", restart)
    }
}

/// Whether and how the processes see a change of volumes.
struct VolumeFlags: ParsableArguments {
    @Flag(help: "Leave the processes as they are until they are started anew.")
    var noRestart = false

    @OptionGroup var flags: RunFlags
}

extension CommandContext {
    /// Starts an app's processes anew, if there are any.
    func restart(_ app: App, summary: String, _ flags: VolumeFlags) async throws {
        let live = try await releases.live(of: app.id)
        guard let live, live.product.site == nil, !app.isStopped, !flags.noRestart else {
            return try await say("it applies when the processes of '\(app.name)' are started next")
        }
        try await start(
            DeployIntent(.restart, summary: summary), of: app, like: live, action: "ps.restart",
            isDetached: flags.flags.detach)
    }
}
