/// An entry of an old pack that can be copied.
struct PackStreamSource {
    /// What the entry is a delta on, seen from the new pack.
    enum Base {
        case none
        case sent(ObjectNumber)
        case had(ObjectKey)
        case unknown
    }

    let base: Base
    let size: Int
    /// The header that it has if it is no delta.
    let header: PackStreamHeader
    let body: UnsafeBufferPointer<UInt8>
}

extension PackStream {
    /// The entry that `number` stands for, checked against the checksum in the index; nil if the object is loose.
    func source(of number: ObjectNumber) throws(GitError) -> PackStreamSource? {
        if number.isLoose { return nil }
        let (pack, position) = store.place(of: number)
        let file = store.packs[pack]
        let offset = file.index.offset(at: position)
        guard let rank = file.order.rank(of: offset) else { throw file.corrupt(offset) }
        let end = file.order.end(rank, file.end)
        let entry = try file.entry(at: offset)
        guard entry.content < end else { throw file.corrupt(offset) }
        try file.verify(position, offset..<end)
        let type: UInt8 = if case .whole(let kind) = entry.storage { kind.rawValue } else { 0 }
        return PackStreamSource(
            base: try base(of: entry, pack: pack, rank: rank), size: entry.size,
            header: PackStreamHeader(type: type, size: entry.size),
            body: UnsafeBufferPointer(start: file.map.base + entry.content, count: end - entry.content))
    }

    private func base(of entry: PackFileEntry, pack: Int, rank: Int) throws(GitError) -> PackStreamSource.Base {
        let file = store.packs[pack]
        switch entry.storage {
        case .whole: return .none
        case .offsetDelta(let base):
            guard let rank = file.order.rank(of: base, before: rank) else { throw file.corrupt(base) }
            let position = Int(file.order.positions[rank])
            return try self.base(store.number(pack: pack, position: position))
        case .referenceDelta(let base):
            guard let number = try store.number(of: base) else { throw ObjectEnumeration.missing(base) }
            return try self.base(number)
        }
    }

    private func base(_ number: ObjectNumber) throws(GitError) -> PackStreamSource.Base {
        if marks.isSent(number) { return .sent(number) }
        // Another copy of the same object may be the one that is sent.
        let key = store.key(of: number)
        guard let known = try store.number(of: key) else { return .unknown }
        if marks.isSent(known) { return .sent(known) }
        return options.isThin && marks[known] & ObjectMarks.had != 0 ? .had(key) : .unknown
    }
}
