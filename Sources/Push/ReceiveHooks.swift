import Git
import GitWire
import Hooks

/// The hooks of one push at the points where git runs them (`githooks`, `builtin/receive-pack.c`).
struct ReceiveHooks: Sendable {
    let hooks: PushHooks
    let repository: String
    let request: ReceivePackRequest
    let say: @Sendable (String) async throws -> Void

    /// Asks once about all commands that nothing speaks against so far, and rejects them all if a hook declines.
    func preReceive(_ verdicts: inout Verdicts, _ quarantine: Quarantine) async throws {
        if request.isAtomic { verdicts.spreadRejection() }
        let updates = verdicts.pending.map(\.update)
        guard !updates.isEmpty, hooks.has(.preReceive) else { return }
        let passed = try await hooks.run(
            .preReceive, input: PushHooks.lines(updates), repository: repository, options: options,
            quarantine: await folder(of: quarantine), say: say)
        if !passed { verdicts.rejectAll("pre-receive hook declined") }
    }

    /// Asks about each reference by itself. Unlike git's, this hook sees the objects still in quarantine: nothing of a
    /// reference that it declines gets into the repository.
    func update(_ verdicts: inout Verdicts, _ quarantine: Quarantine) async throws {
        if request.isAtomic { verdicts.spreadRejection() }
        guard !verdicts.pending.isEmpty, hooks.has(.update) else { return }
        for item in verdicts.pending {
            let update = item.update
            let passed = try await hooks.run(
                .update, arguments: [update.name.text, update.old.description, update.new.description],
                repository: repository, options: options, quarantine: await folder(of: quarantine), say: say)
            guard !passed else { continue }
            verdicts.reject(item, "hook declined")
            if request.isAtomic { return verdicts.spreadRejection() }
        }
    }

    /// What there is to do once the client has its report; nil when nothing moved or nobody wants to know.
    func postReceive(_ verdicts: Verdicts) -> (@Sendable () async -> Void)? {
        let moved = verdicts.moved
        guard !moved.isEmpty, hooks.has(.postReceive) else { return nil }
        return { await hooks.postReceive(moved, repository: repository, options: options, say: say) }
    }

    private var options: [String]? {
        request.capabilities.contains("push-options") ? request.pushOptions : nil
    }

    private func folder(of quarantine: Quarantine) async throws -> String? {
        request.expectsPack ? try await quarantine.folder() : nil
    }
}
