extension StoredObject {
    /// The ID that the object must have by its content.
    ///
    /// - Throws: when the content was made by a known attack on SHA-1.
    func hash(with hasher: ObjectHasher) throws(GitError) -> ObjectKey {
        hasher.begin(kind, size: content.count)
        withBytes { if let base = $0.baseAddress { hasher.add(base, count: $0.count) } }
        return try hasher.end()
    }
}
