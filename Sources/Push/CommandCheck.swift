import Git
import GitWire

/// Judges the commands of a push before anything becomes visible, in git's order and words (`builtin/receive-pack.c`).
struct CommandCheck: Sendable {
    let policy: any PushPolicy
    let quarantine: Quarantine
    let repository: String

    /// Rejects every command that may not be carried out.
    func judge(_ verdicts: inout Verdicts) async throws {
        try await checkConnectivity(&verdicts)
        for item in verdicts.pending {
            if let reason = try await objection(to: item.update) { verdicts.reject(item, reason) }
        }
    }

    /// All together first, since that is one walk; only when something is missing, each alone.
    private func checkConnectivity(_ verdicts: inout Verdicts) async throws {
        let items = verdicts.pending.filter { !$0.update.new.isZero }
        guard try await quarantine.missingObject(reachableFrom: items.map(\.update.new)) != nil else { return }
        for item in items where try await quarantine.missingObject(reachableFrom: [item.update.new]) != nil {
            verdicts.reject(item, "missing necessary objects")
        }
    }

    private func objection(to update: ReferenceUpdate) async throws -> String? {
        let name = update.name
        if name.isHidden { return update.new.isZero ? "deny deleting a hidden ref" : "deny updating a hidden ref" }
        if update.new.isZero {
            return policy.protectsFromDeletion(name) ? "deletion of the current branch prohibited" : nil
        }
        guard let kind = try await quarantine.kind(of: update.new) else { return "bad pack" }
        return name.isBranch && kind != .commit ? "invalid new value provided" : nil
    }
}
