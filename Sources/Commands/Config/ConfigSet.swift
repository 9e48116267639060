import ArgumentParser
import Platform

struct ConfigSet: Verb {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Set config variables, all or none (deployers).",
        usage: "martlet config set <app> NAME=VALUE … [--run|--build|--both]\nmartlet config set <app> NAME - < FILE",
        discussion: """
            'NAME -' reads the value from standard input, of several lines if need be and less the last line feed: it is \
            then in no shell's history and no list of processes. Over ssh quote twice: "NAME='two words'".
            """)

    @Argument(help: "The app's name.")
    var app: String

    @Argument(help: "NAME=VALUE, or a name and '-' for standard input.")
    var variables: [String]

    @OptionGroup var flags: ConfigFlags

    func run(in context: CommandContext) async throws {
        let app = try await context.apps.named(app, for: context.caller, atLeast: .deployer)
        try await context.setConfig(try await values(in: context), flags, of: app)
    }

    private func values(in context: CommandContext) async throws -> [ConfigName: String] {
        if variables.count == 2, variables[1] == "-", !variables[0].contains("=") {
            let name = try ConfigName(variables[0])
            return [name: try await context.standardInput(limit: ConfigLimits.valueBytes + 2).withoutLastLineFeed]
        }
        return try Self.values(of: variables)
    }

    /// The variables in `NAME=VALUE` words.
    ///
    /// - Throws: `Refusal` for another word, or a name that comes twice. It holds no value.
    static func values(of words: [String]) throws(Refusal) -> [ConfigName: String] {
        var values: [ConfigName: String] = [:]
        for (number, word) in words.enumerated() {
            guard let equals = word.firstIndex(of: "=") else {
                throw Refusal(
                    "word \(number + 1) is not NAME=VALUE; over ssh, quote a value with spaces twice: \"NAME='two words'\"",
                    exitStatus: 2)
            }
            let name = try ConfigName(String(word[..<equals]))
            guard values.updateValue(String(word[word.index(after: equals)...]), forKey: name) == nil else {
                throw Refusal("'\(name)' is there twice; which one?", exitStatus: 2)
            }
        }
        return values
    }
}
