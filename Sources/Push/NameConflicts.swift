import Git
import GitWire

/// Says which reference is in the way of one that was refused for it: the report has room for `refname conflict` only.
enum NameConflicts {
    /// Beyond that many, a client knows enough.
    private static let most = 10

    /// Lines in git's words (`refs.c`), one for each of the first of `names` that another reference stands in the way of.
    ///
    /// - Throws: `GitError` when the references cannot be read.
    static func remarks(on names: [ReferenceName], in repository: String) async throws -> [String] {
        guard !names.isEmpty else { return [] }
        let references = try await ReferenceSnapshot.current(of: repository).references
        return names.prefix(most).compactMap { name in
            guard let other = references.first(where: { $0.name.conflicts(with: name) })?.name else { return nil }
            return "error: cannot lock ref '\(name)': '\(other)' exists; cannot create '\(name)'"
        }
    }
}
