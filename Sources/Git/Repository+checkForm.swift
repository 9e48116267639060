import Glibc

extension PackFile {
    /// Whether the checksum at the end of the pack is that of all before it.
    var hasValidChecksum: Bool { map.hasValidChecksum }
}

extension PackFileIndex {
    /// Whether the checksum at the end of the index is that of all before it.
    var hasValidChecksum: Bool { map.hasValidChecksum }
}

extension PackFileMap {
    fileprivate var hasValidChecksum: Bool {
        let digest = PackChecksum()
        digest.add(UnsafeRawBufferPointer(start: base, count: count - 20))
        return withUnsafeBytes(of: digest.end()) { memcmp($0.baseAddress!, base + count - 20, 20) == 0 }
    }
}

extension ObjectKind {
    /// Throws what is wrong with the form of an object of this kind.
    func requireForm(_ bytes: UnsafeBufferPointer<UInt8>) throws(GitError) {
        switch self {
        case .tree: try TreeValidator.validate(bytes)
        case .commit: _ = try CommitValidator(bytes)
        case .tag: _ = try TagHeader(validating: bytes)
        case .blob: break
        }
    }
}
