import Git
import GitWire
package import Hooks

/// The installation's hooks, and what those of one push are told about it.
package struct PushHooks: Sendable {
    /// For a server that has none.
    package static let none = PushHooks(runner: nil, environment: HookEnvironment())

    let runner: HookRunner?
    private let environment: HookEnvironment

    /// - Parameters:
    ///   - runner: nil for no hooks at all.
    ///   - environment: what is known before the push says what it wants.
    package init(runner: HookRunner?, environment: HookEnvironment) {
        self.runner = runner
        self.environment = environment
    }

    /// Whether there is a hook of this kind to run.
    func has(_ kind: HookKind) -> Bool { runner?.has(kind) ?? false }

    /// Runs the hooks of a kind as `HookRunner.run`.
    ///
    /// - Parameters:
    ///   - options: the push options; nil when the client could send none.
    ///   - quarantine: where the objects are that are new; nil when there are none, or they are in the repository.
    /// - Returns: whether all succeeded; true without any.
    func run(
        _ kind: HookKind, arguments: [String] = [], input: [UInt8] = [], repository: String, options: [String]?,
        quarantine: String? = nil, say: @escaping @Sendable (String) async throws -> Void
    ) async throws -> Bool {
        guard let runner else { return true }
        var environment = environment
        environment.pushOptions = options
        environment.quarantine = quarantine
        return try await runner.run(
            kind, arguments: arguments, input: input, repository: repository, environment: environment, say: say)
    }

    /// Runs `post-receive` for references that moved, to its end.
    func postReceive(
        _ updates: [ReferenceUpdate], repository: String, options: [String]?,
        say: @escaping @Sendable (String) async throws -> Void
    ) async {
        // How it ends changes nothing any more, and has been told and logged.
        _ = try? await run(
            .postReceive, input: Self.lines(updates), repository: repository, options: options, say: say)
    }

    /// `OLD NEW NAME` for each update, as git tells `pre-receive` and `post-receive`.
    static func lines(_ updates: [ReferenceUpdate]) -> [UInt8] {
        updates.flatMap { Array("\($0.old) \($0.new) \($0.name)\n".utf8) }
    }
}
