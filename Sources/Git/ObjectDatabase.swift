import CLibGit2

/// The objects of a repository, or of a quarantine in front of one.
final class ObjectDatabase {
    let handle: OpaquePointer

    /// Takes ownership of an open `git_odb`.
    init(owning handle: OpaquePointer) { self.handle = handle }

    /// The objects in the pack whose index is at `pack`, and behind them those under `alternate`.
    convenience init(pack index: String, alternate: String) throws(GitError) {
        var raw: OpaquePointer?
        try check(git_odb_new(&raw), "open objects '\(index)'")
        self.init(owning: raw!)
        var backend: UnsafeMutablePointer<git_odb_backend>?
        try check(git_odb_backend_one_pack(&backend, index), "open pack '\(index)'")
        let code = git_odb_add_backend(handle, backend, 2)
        if code < 0 { backend?.pointee.free(backend) }
        try check(code, "open pack '\(index)'")
        try check(git_odb_add_disk_alternate(handle, alternate), "open objects '\(alternate)'")
    }

    deinit { git_odb_free(handle) }

    /// The kind of an object; nil if there is none of that ID.
    func kind(of key: ObjectKey) throws(GitError) -> ObjectKind? {
        var oid = key.oid
        var size = 0
        var type = GIT_OBJECT_INVALID
        let code = git_odb_read_header(&size, &type, handle, &oid)
        if code == GIT_ENOTFOUND.rawValue { return nil }
        try check(code, "read object '\(key.id)'")
        return ObjectKind(type)
    }

    /// Whether there is an object of that ID.
    func contains(_ key: ObjectKey) -> Bool {
        var oid = key.oid
        return git_odb_exists(handle, &oid) == 1
    }

    /// What `body` makes of an object's kind and content, which are valid only while it runs; nil if there is
    /// no object of that ID.
    func withObject<Result>(
        _ key: ObjectKey, _ body: (ObjectKind, UnsafeBufferPointer<UInt8>) throws(GitError) -> Result
    ) throws(GitError) -> Result? {
        var oid = key.oid
        var object: OpaquePointer?
        let code = git_odb_read(&object, handle, &oid)
        if code == GIT_ENOTFOUND.rawValue { return nil }
        try check(code, "read object '\(key.id)'")
        defer { git_odb_object_free(object) }
        guard let kind = ObjectKind(git_odb_object_type(object)) else {
            throw GitError(operation: "read object '\(key.id)'", reason: "it is of an unknown kind")
        }
        let bytes = git_odb_object_data(object)?.assumingMemoryBound(to: UInt8.self)
        return try body(kind, UnsafeBufferPointer(start: bytes, count: git_odb_object_size(object)))
    }
}

extension ObjectKind {
    init?(_ type: git_object_t) {
        guard type.rawValue >= 1, type.rawValue <= 4 else { return nil }
        self.init(rawValue: UInt8(type.rawValue))
    }
}
