import GitWire

/// A `packed-refs` file as it was read (`git-pack-refs`). Lines that we do not understand stay when it is changed.
final class PackedReferenceFile: Sendable {
    /// One reference: its name, and its lines, each with a line feed: the second is "^" and what a tag leads to.
    private struct Entry {
        let name: ArraySlice<UInt8>
        var lines: ArraySlice<UInt8>
    }

    /// The references, sorted by name, without those whose name or value git would refuse.
    let references: [StoredReference]
    private let entries: [Entry]
    /// Whether a reference without a "^" line is known to be no tag.
    private let isFullyPeeled: Bool

    /// Reads the file of the repository at `path`; one that is not there holds nothing.
    init(of path: String) throws(GitError) {
        let file = "\(path)/packed-refs"
        guard FileSystem.status(of: file) != nil else {
            (references, entries, isFullyPeeled) = ([], [], true)
            return
        }
        let (entries, isFullyPeeled) = Self.parse(try FileSystem.read(file))
        self.entries = entries
        self.isFullyPeeled = isFullyPeeled
        references = entries.compactMap { Self.reference($0, isFullyPeeled: isFullyPeeled) }
    }

    /// The reference of that name; nil if there is none.
    func reference(named name: ReferenceName) -> StoredReference? { references.named(name) }

    /// Whether a reference is in the folder that `name` would be.
    func hasReferences(below name: ReferenceName) -> Bool {
        let prefix = Array("\(name)/".utf8)
        let index = references.firstIndex { !$0.name.text.utf8.lexicographicallyPrecedes(prefix) }
        return index < references.count && references[index].name.text.utf8.starts(with: prefix)
    }

    /// The content of the file with `changes` made to it: the new value for a name, with its peeled value; nil to
    /// remove it. Nil if nothing changes.
    func encoded(with changes: [[UInt8]: StoredReference?]) -> [UInt8]? {
        let kept = entries.filter { changes[Array($0.name)] == nil }
        let added = changes.values.compactMap(\.self).map(Self.entry)
            .sorted { $0.name.lexicographicallyPrecedes($1.name) }
        guard kept.count < entries.count || !added.isEmpty else { return nil }
        var file = Array("# pack-refs with:\(isFullyPeeled ? " peeled fully-peeled" : "") sorted \n".utf8)
        var next = added.startIndex
        for entry in kept {
            while next < added.endIndex, added[next].name.lexicographicallyPrecedes(entry.name) {
                Self.append(added[next], to: &file)
                next += 1
            }
            Self.append(entry, to: &file)
        }
        for entry in added[next...] { Self.append(entry, to: &file) }
        return file
    }

    private static func append(_ entry: Entry, to file: inout [UInt8]) {
        file += entry.lines
        if file.last != UInt8(ascii: "\n") { file.append(UInt8(ascii: "\n")) }
    }

    private static func parse(_ file: [UInt8]) -> (entries: [Entry], isFullyPeeled: Bool) {
        var entries: [Entry] = []
        var isFullyPeeled = false
        var isSorted = false
        for line in file.split(separator: UInt8(ascii: "\n")) {
            // Up to the line feed, which a torn last line lacks.
            let end = min(line.endIndex + 1, file.count)
            switch line.first {
            case UInt8(ascii: "#"):
                let words = line.split(separator: UInt8(ascii: " "))
                isFullyPeeled = words.contains { $0.elementsEqual("fully-peeled".utf8) }
                isSorted = words.contains { $0.elementsEqual("sorted".utf8) }
            case UInt8(ascii: "^"):
                guard let last = entries.indices.last else { continue }
                entries[last].lines = file[entries[last].lines.startIndex..<end]
            default: entries.append(Entry(name: line.dropFirst(41), lines: file[line.startIndex..<end]))
            }
        }
        if !isSorted { entries.sort { $0.name.lexicographicallyPrecedes($1.name) } }
        return (entries, isFullyPeeled)
    }

    private static func reference(_ entry: Entry, isFullyPeeled: Bool) -> StoredReference? {
        let lines = entry.lines
        guard lines.count > 41, lines[lines.startIndex + 40] == UInt8(ascii: " "),
            let target = ObjectKey(hex: lines.prefix(40)), let name = ReferenceName(bytes: entry.name)
        else { return nil }
        let second = lines.dropFirst(41 + entry.name.count + 1)
        let peeled = second.isEmpty ? nil : ObjectKey(hex: second.dropFirst().prefix(40))
        return StoredReference(
            name: name, value: .object(target), peeled: peeled ?? (isFullyPeeled ? .zero : nil), isLoose: false)
    }

    private static func entry(_ reference: StoredReference) -> Entry {
        var lines: [UInt8] = []
        if case .object(let target) = reference.value { lines += "\(target.id) \(reference.name)\n".utf8 }
        if let peeled = reference.peeled, !peeled.isZero { lines += "^\(peeled.id)\n".utf8 }
        return Entry(name: ArraySlice(reference.name.text.utf8), lines: lines[...])
    }
}

extension [StoredReference] {
    /// The reference of that name in an array sorted by name; nil if there is none.
    func named(_ name: ReferenceName) -> StoredReference? {
        let index = firstIndex { !($0.name < name) }
        return index < count && self[index].name == name ? self[index] : nil
    }

    /// The first index for which `isReached` holds, in an array in which it holds for all that follow.
    func firstIndex(_ isReached: (StoredReference) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isReached(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
