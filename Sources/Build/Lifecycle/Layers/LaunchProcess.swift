/// A process that a buildpack declares (Buildpack API, "launch.toml").
package struct LaunchProcess: Sendable, Equatable {
    package var type: String
    /// The program and the arguments that it always gets.
    package var command: [String]
    /// The arguments that follow.
    package var arguments: [String]
    /// Whether it starts without a shell.
    package var isDirect: Bool
    /// Whether arguments given at the start stand in for `arguments`, instead of following them.
    package var hasReplaceableArguments: Bool
    package var isDefault: Bool
    /// Absolute, or below the app's folder; nil for that one.
    package var folder: String?
    /// The ID of the buildpack that declared it.
    package var buildpack: String

    package init(
        type: String, command: [String], arguments: [String] = [], isDirect: Bool = true,
        hasReplaceableArguments: Bool = true, isDefault: Bool = false, folder: String? = nil, buildpack: String = ""
    ) {
        self.type = type
        self.command = command
        self.arguments = arguments
        self.isDirect = isDirect
        self.hasReplaceableArguments = hasReplaceableArguments
        self.isDefault = isDefault
        self.folder = folder
        self.buildpack = buildpack
    }

    init(_ document: TOMLDocument, by buildpack: Buildpack) throws {
        type = try document.required("type")
        guard Self.isType(type) else {
            throw BuildError(
                "\(document.name): '\(type)' is no process type", hint: "use letters, digits, '.', '_', '-'")
        }
        let api = buildpack.descriptor.api
        command = api.hasCommandLists ? try document.strings("command") : [try document.required("command")]
        guard let program = command.first, !program.isEmpty else {
            throw BuildError("\(document.name): the process '\(type)' has no command")
        }
        arguments = try document.strings("args")
        isDirect = try api.hasCommandLists || document.boolean("direct")
        hasReplaceableArguments = api.hasCommandLists
        isDefault = try document.boolean("default")
        folder = try document.string("working-dir")
        self.buildpack = buildpack.id
    }

    private static func isType(_ text: String) -> Bool {
        text.utf8.count <= 128 && ![".", ".."].contains(text) && text != "launcher"
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    }
}
