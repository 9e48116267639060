import Git
import GitWire

/// Finds out where the history of a shallow client ends after a fetch.
struct UploadPackShallow {
    let history: FetchHistory
    let snapshot: ReferenceSnapshot

    /// - Throws: `WireError` for a reference that there is not, or when nothing would be left of the history.
    func deepen(_ request: UploadPackRequest) async throws -> FetchHistory.Shallow {
        guard request.deepening != nil || !request.shallow.isEmpty else { return FetchHistory.Shallow() }
        var excluded: [ObjectID] = []
        if case .revisions(_, let names) = request.deepening { excluded = try names.map(target) }
        let isRelative = if case .depth(_, isRelative: true) = request.deepening { true } else { false }
        return try await history.deepen(
            request.deepening, wants: request.wants, excluded: excluded, client: request.shallow,
            tips: isRelative ? Array(snapshot.targets) : [])
    }

    /// What the only reference points to that `name` may stand for (gitrevisions(7), "refname").
    private func target(of name: String) throws -> ObjectID {
        let forms = [
            name, "refs/\(name)", "refs/tags/\(name)", "refs/heads/\(name)", "refs/remotes/\(name)",
            "refs/remotes/\(name)/HEAD",
        ]
        var targets = forms.compactMap(ReferenceName.init).compactMap(target)
        if name == "HEAD", let head = snapshot.headTarget { targets.append(head) }
        guard targets.count == 1 else { throw WireError.ambiguousExclusion(name) }
        return targets[0]
    }

    private func target(of name: ReferenceName) -> ObjectID? {
        snapshot.references.first { $0.name == name }?.target
    }
}
