import Glibc

/// One delta on the way from an object down to its base.
struct ObjectStoreLink {
    let pack: Int
    let offset: Int
    let entry: PackFileEntry
}

extension ObjectStore {
    /// No object may be larger, whatever a delta says: 4 GiB.
    static let largestObject = 4 << 30

    /// Where the storage of an object was followed to: what is not a delta.
    private enum Root {
        case object(StoredObject)
        case entry(pack: Int, entry: PackFileEntry, ObjectKind, offset: Int)
    }

    /// The object of that ID; nil if there is none.
    func object(_ key: ObjectKey) throws(GitError) -> StoredObject? {
        guard let number = try number(of: key) else { return nil }
        return try object(number)
    }

    /// The object of that number.
    func object(_ number: ObjectNumber) throws(GitError) -> StoredObject {
        if number.isLoose { return try looseObject(loose.key(of: number)) }
        let (pack, position) = place(of: number)
        return try object(pack, packs[pack].index.offset(at: position))
    }

    /// The kind of an object, found without inflating anything if it is in a pack.
    func kind(_ number: ObjectNumber) throws(GitError) -> ObjectKind {
        if number.isLoose { return try looseObject(loose.key(of: number)).kind }
        let (pack, position) = place(of: number)
        switch try root(pack, packs[pack].index.offset(at: position)) {
        case .object(let object): return object.kind
        case .entry(_, _, let kind, _): return kind
        }
    }

    private func object(_ pack: Int, _ offset: Int) throws(GitError) -> StoredObject {
        var object: StoredObject
        switch try root(pack, offset) {
        case .object(let found): object = found
        case .entry(let pack, let entry, let kind, let offset):
            let content = try ObjectContent(count: entry.size)
            try inflate(packs[pack], entry, offset, to: content.base)
            object = StoredObject(kind: kind, content: content)
            // Hardly any commit is the base of a delta.
            if kind != .commit || !links.isEmpty { cache.insert(object, pack, offset) }
        }
        while let link = links.popLast() {
            object = StoredObject(kind: object.kind, content: try apply(link, to: object.content))
            cache.insert(object, link.pack, link.offset)
        }
        return object
    }

    /// Follows deltas from the entry at `offset`, which become `links`, to what is none or was read lately.
    private func root(_ pack: Int, _ offset: Int) throws(GitError) -> Root {
        var (pack, offset) = (pack, offset)
        links.removeAll(keepingCapacity: true)
        while true {
            if let object = cache.object(pack, offset) { return .object(object) }
            let entry = try packs[pack].entry(at: offset)
            switch entry.storage {
            case .whole(let kind): return .entry(pack: pack, entry: entry, kind, offset: offset)
            case .offsetDelta(let base):
                links.append(ObjectStoreLink(pack: pack, offset: offset, entry: entry))
                offset = base
            case .referenceDelta(let base):
                links.append(ObjectStoreLink(pack: pack, offset: offset, entry: entry))
                guard links.count <= packedCount else { throw packs[pack].failure("its deltas go round in a circle") }
                guard let place = try self.place(of: base, for: pack) else {
                    return .object(try outside(base))
                }
                (pack, offset) = place
            }
        }
    }

    /// Where the base of a delta in `pack` is: in the same pack, if that is sound.
    private func place(of base: ObjectKey, for pack: Int) throws(GitError) -> (pack: Int, offset: Int)? {
        let own = withUnsafeBytes(of: base) {
            packs[pack].index.position(of: $0.bindMemory(to: UInt8.self).baseAddress!)
        }
        if let own { return (pack, packs[pack].index.offset(at: own)) }
        guard let number = try number(of: base) else { throw packs[pack].failure("delta base '\(base.id)' is missing") }
        if number.isLoose { return nil }
        let place = place(of: number)
        return (place.pack, packs[place.pack].index.offset(at: place.position))
    }

    /// A base that is in no pack; reading it must not disturb `links`.
    private func outside(_ base: ObjectKey) throws(GitError) -> StoredObject {
        guard let object = try loose.object(base) else {
            throw GitError(operation: "read object '\(base.id)'", reason: "there is no such object")
        }
        return object
    }

    private func looseObject(_ key: ObjectKey) throws(GitError) -> StoredObject {
        if let object = try loose.object(key) { return object }
        // It was loose when it got its number, and may have been packed since.
        guard let number = try packedNow(key) else {
            throw GitError(operation: "read object '\(key.id)'", reason: "there is no such object")
        }
        return try object(number)
    }

    private func inflate(
        _ pack: PackFile, _ entry: PackFileEntry, _ offset: Int, to output: UnsafeMutablePointer<UInt8>
    ) throws(GitError) {
        let limit = pack.end - entry.content
        guard inflater.inflate(pack.map.base + entry.content, limit: limit, to: output, size: entry.size) != nil else {
            throw pack.corrupt(offset)
        }
    }

    private func apply(_ link: ObjectStoreLink, to base: ObjectContent) throws(GitError) -> ObjectContent {
        defer { withExtendedLifetime(base) {} }
        let pack = packs[link.pack]
        try makeRoom(link.entry.size)
        try inflate(pack, link.entry, link.offset, to: scratch.baseAddress!)
        let code = UnsafeBufferPointer(start: UnsafePointer(scratch.baseAddress!), count: link.entry.size)
        guard let sizes = Delta.sizes(code), sizes.base == base.count, sizes.result <= Self.largestObject
        else { throw pack.corrupt(link.offset) }
        let content = try ObjectContent(count: sizes.result)
        guard
            Delta.apply(
                UnsafeBufferPointer(rebasing: code[sizes.length...]),
                to: UnsafeBufferPointer(start: base.base, count: base.count),
                result: UnsafeMutableBufferPointer(start: content.base, count: sizes.result))
        else { throw pack.corrupt(link.offset) }
        return content
    }

    /// Makes `scratch` large enough, and small again after something very large.
    private func makeRoom(_ count: Int) throws(GitError) {
        guard count > scratch.count || scratch.count > 1 << 24 else { return }
        guard count <= Self.largestObject else {
            throw GitError(operation: "read a delta of \(count) bytes", reason: "it is too large")
        }
        scratch.deallocate()
        scratch = .allocate(capacity: max(count, 1 << 16))
    }
}
