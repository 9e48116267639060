import ArgumentParser
import Platform

struct ConfigImport: Verb {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Set the config variables in a .env file on standard input (deployers).",
        discussion: """
            NAME=VALUE lines, 'export' before them or not, '#' comments. 'single' quotes take everything as it is; \
            "double" quotes know \\n \\r \\t \\" \\\\ \\$; both may go over several lines. Nothing is expanded. \
            Variables that are not in the file stay as they are.
            """)

    @Argument(help: "The app's name.")
    var app: String

    @OptionGroup var flags: ConfigFlags

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .deployer)
        let text = try await context.standardInput(limit: 2 * ConfigLimits.totalBytes)
        let values = try DotEnvFile.read(text)
        guard !values.isEmpty else { throw Refusal("there is no variable on standard input", exitStatus: 2) }
        try await context.setConfig(values, flags, of: app)
    }
}
