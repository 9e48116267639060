import Git
import GitWire

/// Judges the commands of a push before anything becomes visible, in git's order and words (`builtin/receive-pack.c`).
struct CommandCheck: Sendable {
    /// With more commands, those that something is missing for are not told from the others: each one costs a walk.
    private static let triedAlone = 256

    let policy: any PushPolicy
    let quarantine: Quarantine
    let repository: String
    /// Where the client's history ends; empty unless its repository is shallow.
    let shallow: Set<ObjectID>
    /// References that the repository may have.
    let maximumReferences: Int
    let hooks: ReceiveHooks

    /// Rejects every command that may not be carried out. Returns the kinds of the new values of all others.
    func judge(_ verdicts: inout Verdicts) async throws -> [ObjectID: ObjectKind] {
        let snapshot = try await ReferenceSnapshot.current(of: repository)
        redirectAliases(&verdicts, snapshot)
        try await checkConnectivity(&verdicts)
        for item in verdicts.pending where item.update.name.isHidden {
            verdicts.reject(item, item.update.new.isZero ? "deny deleting a hidden ref" : "deny updating a hidden ref")
        }
        try await hooks.preReceive(&verdicts, quarantine)
        var kinds: [ObjectID: ObjectKind] = [:]
        for item in verdicts.pending {
            if let reason = try await objection(to: item.update, &kinds) { verdicts.reject(item, reason) }
        }
        limitReferences(&verdicts, snapshot)
        try await hooks.update(&verdicts, quarantine)
        return kinds
    }

    /// A command on a symbolic reference means the one that it names (git's `check_aliased_updates`).
    private func redirectAliases(_ verdicts: inout Verdicts, _ snapshot: ReferenceSnapshot) {
        let aliases = snapshot.aliases
        guard !aliases.isEmpty else { return }
        for item in verdicts.pending {
            guard let name = aliases[item.update.name] else { continue }
            guard let other = verdicts.pending.first(where: { $0.update.name == name }) else {
                verdicts.redirect(item, to: name)
                continue
            }
            if other.update.old == item.update.old && other.update.new == item.update.new {
                verdicts.follow(item, other)
            } else {
                verdicts.reject(item, "inconsistent aliased update")
                verdicts.reject(other, "inconsistent aliased update")
            }
        }
    }

    /// All together first, since that is one walk; only when something is missing, each alone.
    private func checkConnectivity(_ verdicts: inout Verdicts) async throws {
        let items = verdicts.pending.filter { !$0.update.isDeletion }
        guard try await quarantine.missingObject(reachableFrom: items.map(\.update.new)) != nil else { return }
        for (number, item) in items.enumerated() {
            let new = item.update.new
            if number < Self.triedAlone, try await quarantine.missingObject(reachableFrom: [new]) == nil { continue }
            verdicts.reject(item, try await reasonForGap(at: new, number))
        }
    }

    /// Where only the end of a shallow client's history is missing, which this repository cannot know, it says so.
    private func reasonForGap(at tip: ObjectID, _ number: Int) async throws -> String {
        if !shallow.isEmpty, number < Self.triedAlone,
            try await quarantine.missingObject(reachableFrom: [tip], shallow: shallow) == nil
        {
            return "shallow update not allowed"
        }
        return "missing necessary objects"
    }

    private func objection(to update: ReferenceUpdate, _ kinds: inout [ObjectID: ObjectKind]) async throws -> String? {
        let name = update.name
        if update.isDeletion {
            return policy.protectsFromDeletion(name) ? "deletion of the current branch prohibited" : nil
        }
        if kinds[update.new] == nil { kinds[update.new] = try await quarantine.kind(of: update.new) }
        guard let kind = kinds[update.new] else { return "bad pack" }
        return name.isBranch && kind != .commit ? "invalid new value provided" : nil
    }

    private func limitReferences(_ verdicts: inout Verdicts, _ snapshot: ReferenceSnapshot) {
        var room = maximumReferences - snapshot.references.count
        for item in verdicts.pending where item.update.isDeletion { room += item.update.old.isZero ? 0 : 1 }
        for item in verdicts.pending where !item.update.isDeletion && item.update.old.isZero {
            room -= 1
            if room < 0 { verdicts.reject(item, "more than \(maximumReferences) references in this repository") }
        }
    }
}
