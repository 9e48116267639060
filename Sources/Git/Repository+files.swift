package import GitWire

/// What a folder of a commit holds under one name.
package struct FolderEntry: Sendable, Equatable {
    package enum Kind: Sendable {
        case file, folder, link, submodule
    }

    /// Bytes that are not UTF-8 are replaced.
    package let name: String
    package let kind: Kind
    package let id: ObjectID
}

extension Repository {
    /// What the folder at `path` of a commit's tree holds, in the tree's order.
    ///
    /// - Parameter path: names with slashes between; empty for the top.
    /// - Returns: nil when there is no such folder.
    /// - Throws: when the commit or a tree is missing.
    package func entries(ofFolder path: String, in id: ObjectID) throws(GitError) -> [FolderEntry]? {
        var entries = try entries(of: commit(id).tree)
        for name in path.split(separator: "/") {
            guard let folder = entries.first(where: { $0.kind == .folder && $0.name == name }) else { return nil }
            entries = try self.entries(of: folder.id)
        }
        return entries
    }

    /// The bytes of a file; nil when it has more than `limit`.
    ///
    /// - Throws: when the object is missing or no file's.
    package func content(of id: ObjectID, limit: Int) throws(GitError) -> [UInt8]? {
        let operation = "read object '\(id)'"
        let content = try database.withObject(ObjectKey(id)) { kind, bytes throws(GitError) -> [UInt8]? in
            guard kind == .blob else { throw GitError(operation: operation, reason: "it is a \(kind)") }
            return bytes.count > limit ? nil : Array(bytes)
        }
        guard let content else { throw GitError(operation: operation, reason: "there is no such object") }
        return content
    }

    private func entries(of tree: ObjectID) throws(GitError) -> [FolderEntry] {
        let operation = "read tree '\(tree)'"
        let entries = try database.withObject(ObjectKey(tree)) { kind, bytes throws(GitError) in
            guard kind == .tree else { throw GitError(operation: operation, reason: "it is a \(kind)") }
            var reader = TreeReader(bytes)
            var entries: [FolderEntry] = []
            while let entry = try reader.next() { entries.append(FolderEntry(entry)) }
            return entries
        }
        guard let entries else { throw GitError(operation: operation, reason: "there is no such object") }
        return entries
    }
}

extension FolderEntry {
    fileprivate init(_ entry: TreeEntry) {
        name = String(decoding: entry.name, as: UTF8.self)
        kind = entry.isTree ? .folder : entry.isSubmodule ? .submodule : entry.isSymbolicLink ? .link : .file
        id = entry.key.id
    }
}
