import GitWire

/// Kinds of objects, looked up only where the caller has not done so: opening a repository costs more than most pushes.
final class KnownObjects {
    private let path: String
    private let kinds: [ObjectID: ObjectKind]
    private var repository: Repository?

    init(path: String, kinds: [ObjectID: ObjectKind]) {
        self.path = path
        self.kinds = kinds
    }

    /// The kind of an object; nil if there is none. The reference `name` is for the log.
    func kind(of id: ObjectID, for name: ReferenceName) throws(ReferenceRefusal) -> ObjectKind? {
        if let kind = kinds[id] { return kind }
        do throws(GitError) {
            return try open().kind(of: id)
        } catch {
            throw ReferenceLog.failure(error, name, path)
        }
    }

    /// What the object leads to as an annotated tag; zero if it is none.
    func peeled(_ id: ObjectID) throws(GitError) -> ObjectKey {
        if let kind = kinds[id], kind != .tag { return .zero }
        return try open().peeled(ObjectKey(id), hint: nil) ?? .zero
    }

    private func open() throws(GitError) -> Repository {
        if let repository { return repository }
        let repository = try Repository(at: path)
        self.repository = repository
        return repository
    }
}
