import GitWire
import Glibc

/// Reads single references of a repository as they are at that moment.
struct ReferenceReader {
    /// The repository's folder.
    let path: String

    /// What the reference itself points to; nil if it does not exist. Refuses symbolic references: a push must not
    /// change one reference by the name of another.
    func current(_ name: ReferenceName) throws(ReferenceRefusal) -> ObjectID? {
        do throws(GitError) {
            switch try value(of: name) {
            case .object(let key): return key.id
            case .symbolic:
                throw GitError(operation: "update reference '\(name)'", reason: "it is a symbolic reference")
            case nil: return nil
            }
        } catch {
            throw ReferenceLog.failure(error, name, path)
        }
    }

    /// Whether a reference exists that is a folder of `name`, or of which `name` is a folder.
    func hasConflict(with name: ReferenceName) throws(ReferenceRefusal) -> Bool {
        do throws(GitError) {
            let packed = try ReferenceCache.shared.packed(of: path)
            for folder in name.folders {
                guard let folder = ReferenceName(folder) else { continue }
                if isFile(folder) || packed.reference(named: folder) != nil { return true }
            }
            if packed.hasReferences(below: name) { return true }
            return try hasFiles(in: "\(path)/\(name)")
        } catch {
            throw ReferenceLog.failure(error, name, path)
        }
    }

    /// What the reference's file or `packed-refs` says; nil if neither does.
    func value(of name: ReferenceName) throws(GitError) -> StoredReference.Value? {
        let file = "\(path)/\(name)"
        if let value = ReferenceFiles.value(ofFile: file) { return value }
        if isFile(name) {
            // It may have come between the two looks.
            if let value = ReferenceFiles.value(ofFile: file) { return value }
            throw GitError(operation: "read reference '\(name)'", reason: "its file is corrupted")
        }
        return try ReferenceCache.shared.packed(of: path).reference(named: name)?.value
    }

    private func isFile(_ name: ReferenceName) -> Bool {
        FileSystem.status(of: "\(path)/\(name)").map { $0.st_mode & S_IFMT != S_IFDIR } ?? false
    }

    /// Whether a reference is somewhere below `folder`; lock files and empty folders are none.
    private func hasFiles(in folder: String) throws(GitError) -> Bool {
        for (name, isFolder) in try FileSystem.entries(in: folder) {
            if isFolder ? try hasFiles(in: "\(folder)/\(name)") : !name.hasSuffix(".lock") { return true }
        }
        return false
    }
}

extension ReferenceName {
    /// The names that `self` would need as folders: `refs/heads` and `refs/heads/a` for `refs/heads/a/b`.
    var folders: [String] {
        let parts = text.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
        guard parts.count > 2 else { return [] }
        return (2..<parts.count).map { parts[..<$0].joined(separator: "/") }
    }
}
