/// The objects that a pack brought, with their kinds, found without inflating anything a second time.
final class NewObjects {
    private let index: PackIndex
    private let entries: PackEntries
    /// The kind of each entry; 0 while unknown.
    private var kinds: [UInt8]
    private var depths: [UInt16]

    /// The objects of the pack behind `index`, which was scanned as `entries`. Kinds of bases outside the pack
    /// come from `bases`; a chain of more than `deltaDepth` deltas is refused.
    init(index: PackIndex, entries: PackEntries, bases: ObjectDatabase, deltaDepth: Int) throws(GitError) {
        self.index = index
        self.entries = entries
        kinds = Array(repeating: 0, count: entries.count)
        depths = Array(repeating: 0, count: entries.count)
        for entry in 0..<entries.count { try resolve(entry, bases: bases, deltaDepth: deltaDepth) }
    }

    var count: Int { entries.count }

    /// The kind of the object of that ID; nil if the pack brought none.
    func kind(of key: ObjectKey) -> ObjectKind? {
        guard let position = index.position(of: key),
            let entry = entries.index(at: index.offset(at: position))
        else { return nil }
        return ObjectKind(rawValue: kinds[entry])
    }

    /// All objects but blobs, in the order of the pack, in which they are quickest to read.
    func keysExceptBlobs() -> [ObjectKey] {
        var positions: [(entry: Int, position: Int)] = []
        for position in 0..<index.count {
            guard let entry = entries.index(at: index.offset(at: position)),
                kinds[entry] != ObjectKind.blob.rawValue
            else { continue }
            positions.append((entry, position))
        }
        positions.sort { $0.entry < $1.entry }
        return positions.map { index.key(at: $0.position) }
    }

    /// Finds the kind of `entry` at the end of its chain of deltas, and with it that of all in between.
    private func resolve(_ entry: Int, bases: ObjectDatabase, deltaDepth: Int) throws(GitError) {
        var chain: [Int] = []
        var current = entry
        var end: (kind: UInt8, depth: Int)?
        while end == nil {
            if kinds[current] != 0 {
                end = (kinds[current], Int(depths[current]))
            } else if chain.count > deltaDepth {
                throw Self.tooDeep(deltaDepth)
            } else {
                chain.append(current)
                switch entries.storage(of: current) {
                case .whole(let kind): end = (kind.rawValue, -1)
                case .offsetDelta(let base): current = base
                case .referenceDelta(let base):
                    if let inside = self.entry(of: base) { current = inside } else { end = try outside(base, bases) }
                }
            }
        }
        guard let end, end.depth + chain.count <= deltaDepth else { throw Self.tooDeep(deltaDepth) }
        for (distance, link) in chain.reversed().enumerated() {
            kinds[link] = end.kind
            depths[link] = UInt16(clamping: end.depth + distance + 1)
        }
    }

    private func entry(of key: ObjectKey) -> Int? {
        index.position(of: key).flatMap { entries.index(at: index.offset(at: $0)) }
    }

    private func outside(_ base: ObjectKey, _ bases: ObjectDatabase) throws(GitError) -> (kind: UInt8, depth: Int) {
        guard let kind = try bases.kind(of: base) else {
            throw GitError(operation: "index pack", reason: "delta base \(base.id) is missing")
        }
        return (kind.rawValue, 0)
    }

    private static func tooDeep(_ limit: Int) -> GitError {
        GitError(operation: "receive pack", reason: "pack holds a chain of more than \(limit) deltas")
    }
}
