import ArgumentParser
import Platform

struct BuildsSet: Verb {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Say how an app is built where its repository does not (deployers).",
        usage: """
            martlet builds set <app> KEY=VALUE …
            martlet builds set <app> < martlet.yaml
            martlet builds set <app> --clear
            """,
        discussion: """
            Takes the place of all former settings. The form is that of martlet.yaml, as words or on standard input: \
            'method=command base=martlet/busybox start=./serve port=8000'. A key twice is a list (commands=… commands=…), \
            a dot leads into a block (processes.worker=…). Over ssh quote twice: "start='./serve now'".
            """)

    private static let largest = 64 << 10

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "KEY=VALUE; without any, standard input is read.")
    var settings: [String] = []

    @Flag(help: "Remove the settings.")
    var clear = false

    func validate() throws {
        if clear, !settings.isEmpty { throw ValidationError("--clear takes no settings") }
    }

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .deployer)
        if clear {
            try await context.buildSettings.clear(of: app)
            try await context.record("builds.set", "\(app.name) --clear")
            return try await context.print("app '\(app.name)' is built as its repository says")
        }
        let yaml = try await text(in: context)
        try context.checkBuildSettings(yaml)
        try await context.buildSettings.set(yaml, of: app, by: context.caller.name)
        try await context.record("builds.set", app.name.description)
        try await context.print(
            "the next push builds app '\(app.name)' with these settings where its repository says nothing else")
    }

    private func text(in context: CommandContext) async throws -> String {
        if !settings.isEmpty, settings != ["-"] { return try SettingWords.yaml(settings) }
        let text = try await context.standardInput(limit: Self.largest)
        guard text.contains(where: { !$0.isWhitespace }), !text.utf8.contains(0) else {
            throw Refusal(
                "there are no settings on standard input; give words, such as 'method=command', or --clear",
                exitStatus: 2)
        }
        return text.hasSuffix("\n") ? text : text + "\n"
    }
}
