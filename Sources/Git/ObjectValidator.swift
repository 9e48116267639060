/// Judges every new object of a push before anything may refer to it: a tree that would write outside its folder
/// or into `.git`, a commit or tag that git cannot read (`git fsck --strict`).
struct ObjectValidator {
    let database: ObjectDatabase
    let budget: WorkBudget

    /// Throws on the first of `keys` that is not well-formed; the error names the object.
    func validate(_ keys: [ObjectKey]) throws(GitError) {
        for (position, key) in keys.enumerated() {
            if position & 255 == 0 { try budget.check("validate objects") }
            let found: Void? = try database.withObject(key) { kind, bytes throws(GitError) in
                try validate(key, kind, bytes)
            }
            guard found != nil else { throw GitError(operation: "object '\(key.id)'", reason: "it cannot be read") }
        }
    }

    private func validate(
        _ key: ObjectKey, _ kind: ObjectKind, _ bytes: UnsafeBufferPointer<UInt8>
    ) throws(GitError) {
        do throws(GitError) {
            switch kind {
            case .tree: try TreeValidator.validate(bytes)
            case .commit: try validateCommit(bytes)
            case .tag: _ = try TagHeader(bytes)
            case .blob: break
            }
        } catch {
            throw GitError(operation: "\(kind) '\(key.id)'", reason: error.description, code: error.code)
        }
    }

    private func validateCommit(_ bytes: UnsafeBufferPointer<UInt8>) throws(GitError) {
        var reader = HeaderReader(bytes)
        let header = try CommitHeader(&reader)
        let end = reader.rest.startIndex
        guard !header.tree.isZero else { throw Self.refusal("its tree is the null object ID") }
        guard header.author != nil else { throw Self.refusal("it has no valid author line") }
        guard header.committer != nil else { throw Self.refusal("it has no valid committer line") }
        guard !bytes[..<end].contains(0) else { throw Self.refusal("its header holds a NUL") }
    }

    private static func refusal(_ reason: String) -> GitError { GitError(operation: "read commit", reason: reason) }
}
