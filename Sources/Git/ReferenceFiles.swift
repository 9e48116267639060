import GitWire
import Glibc

/// Reads all references of a repository from its files (`gitrepository-layout`, `git-pack-refs`).
struct ReferenceFiles {
    /// Sorted by name, each once: a loose reference stands before the packed one of its name.
    private(set) var references: [StoredReference] = []
    /// Every file and folder that was looked at, as it was before.
    private(set) var stamps: [FileStamp] = []
    private(set) var looseCount = 0
    private let repository: String

    /// Names that git would refuse and files that hold no reference are left out, as git does with a warning.
    ///
    /// - Throws: when a folder or `packed-refs` cannot be read.
    init(repository: String) throws(GitError) {
        self.repository = repository
        stamps.append(FileStamp("\(repository)/HEAD"))
        var loose: [StoredReference] = []
        // Loose ones first: one that is packed meanwhile is then found a second time, not missed.
        try readFolder("refs", into: &loose)
        looseCount = loose.count
        loose.sort { $0.name < $1.name }
        stamps.append(FileStamp("\(repository)/packed-refs"))
        references = Self.merge(loose, try ReferenceCache.shared.packed(of: repository).references)
    }

    private mutating func readFolder(_ folder: String, into loose: inout [StoredReference]) throws(GitError) {
        let path = "\(repository)/\(folder)"
        stamps.append(FileStamp(path))
        for (name, isFolder) in try FileSystem.entries(in: path) {
            let full = "\(folder)/\(name)"
            if isFolder {
                try readFolder(full, into: &loose)
            } else if let reference = ReferenceName(full).flatMap(read) {
                loose.append(reference)
            }
        }
    }

    private func read(_ name: ReferenceName) -> StoredReference? {
        guard let value = Self.value(ofFile: "\(repository)/\(name)") else { return nil }
        return StoredReference(name: name, value: value, peeled: nil, isLoose: true)
    }

    /// The reference of that name; nil if there is none.
    func reference(named name: ReferenceName) -> StoredReference? { references.named(name) }

    /// What the file of a loose reference, or `HEAD`, says; nil if it cannot be read or is no reference.
    static func value(ofFile path: String) -> StoredReference.Value? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1200) { buffer -> StoredReference.Value? in
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            guard count > 0 else { return nil }
            return value(of: buffer[..<count])
        }
    }

    private static func value(of text: Slice<UnsafeMutableBufferPointer<UInt8>>) -> StoredReference.Value? {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        if text.starts(with: "ref:".utf8) {
            let rest = text.dropFirst(4).drop(while: isSpace).prefix { !isSpace($0) }
            return ReferenceName(bytes: rest).map { .symbolic($0) }
        }
        guard text.count == 40 || text.count > 40 && isSpace(text[40]) else { return nil }
        return ObjectKey(hex: text.prefix(40)).map { .object($0) }
    }

    private static func merge(_ loose: [StoredReference], _ packed: [StoredReference]) -> [StoredReference] {
        guard !loose.isEmpty else { return packed }
        var merged: [StoredReference] = []
        merged.reserveCapacity(loose.count + packed.count)
        var next = 0
        for reference in loose {
            while next < packed.count, packed[next].name < reference.name {
                merged.append(packed[next])
                next += 1
            }
            if next < packed.count, packed[next].name == reference.name { next += 1 }
            merged.append(reference)
        }
        merged += packed[next...]
        return merged
    }
}
