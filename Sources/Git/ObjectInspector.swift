/// Judges the new objects of a push, one thread's share of them, before anything may refer to them: a tree that would
/// write outside its folder or into `.git`, a commit or tag that git cannot read (`git fsck`). Collects on the way what
/// they refer to.
final class ObjectInspector {
    private let links: LinkCollector

    init(links: LinkSet) { self.links = LinkCollector(links) }

    /// Throws what is wrong with an object; the error names it.
    func inspect(_ kind: ObjectKind, _ key: ObjectKey, _ bytes: UnsafeBufferPointer<UInt8>) throws(GitError) {
        do throws(GitError) {
            switch kind {
            case .tree: try inspectTree(bytes)
            case .commit: try inspectCommit(bytes)
            case .tag: try inspectTag(bytes)
            case .blob: break
            }
        } catch {
            throw GitError(operation: "\(kind) '\(key.id)'", reason: error.description, code: error.code)
        }
    }

    private func inspectTree(_ bytes: UnsafeBufferPointer<UInt8>) throws(GitError) {
        var reader = TreeReader(bytes)
        var validator = TreeValidator()
        while let entry = try reader.next() {
            let special = try validator.take(entry)
            // The commits of submodules belong to other repositories.
            if entry.isSubmodule { continue }
            links.add(entry.key, entry.isTree ? .tree : special.union(.blob))
        }
    }

    private func inspectCommit(_ bytes: UnsafeBufferPointer<UInt8>) throws(GitError) {
        let commit = try CommitValidator(bytes)
        links.add(commit.tree, .tree)
        for parent in commit.parents { links.add(parent, .commit) }
    }

    private func inspectTag(_ bytes: UnsafeBufferPointer<UInt8>) throws(GitError) {
        let tag = try TagHeader(validating: bytes)
        links.add(tag.target, LinkSet.Uses(tag.kind))
    }
}
