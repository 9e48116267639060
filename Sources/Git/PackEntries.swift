import GitWire

/// What the scan of a pack found about each of its entries, in the order of the pack: kept in flat arrays, since
/// there may be millions.
struct PackEntries {
    /// How an entry is stored (`gitformat-pack`, "Object entries").
    enum Storage {
        case whole(ObjectKind)
        /// A delta on the entry at this index.
        case offsetDelta(base: Int)
        /// A delta on an object named by its ID.
        case referenceDelta(base: ObjectKey)
    }

    /// Where each entry begins in the pack, ascending.
    private(set) var offsets: [UInt64] = []
    /// The type bits of each entry: 1–4, 6 or 7.
    private var types: [UInt8] = []
    /// For a type 6 entry, the index of its base.
    private var bases: [UInt32] = []
    private var depths: [UInt16] = []
    private var namedBases: [Int: ObjectKey] = [:]

    var count: Int { offsets.count }

    /// The number of deltas between entry `index` and the first object that is whole or named by its ID.
    func depth(of index: Int) -> Int { Int(depths[index]) }

    /// The index of the entry that begins at `offset`; nil if none does.
    func index(at offset: UInt64) -> Int? {
        var low = 0
        var high = offsets.count
        while low < high {
            let middle = (low + high) / 2
            if offsets[middle] < offset { low = middle + 1 } else { high = middle }
        }
        return low < offsets.count && offsets[low] == offset ? low : nil
    }

    func storage(of index: Int) -> Storage {
        switch types[index] {
        case 6: .offsetDelta(base: Int(bases[index]))
        case 7: .referenceDelta(base: namedBases[index, default: ObjectKey(.zero)])
        default: .whole(ObjectKind(rawValue: types[index]) ?? .blob)
        }
    }

    mutating func append(_ storage: Storage, at offset: UInt64) {
        switch storage {
        case .whole(let kind): append(type: kind.rawValue, base: 0, depth: 0, offset)
        case .offsetDelta(let base): append(type: 6, base: UInt32(base), depth: depths[base] + 1, offset)
        case .referenceDelta(let base):
            namedBases[count] = base
            append(type: 7, base: 0, depth: 1, offset)
        }
    }

    private mutating func append(type: UInt8, base: UInt32, depth: UInt16, _ offset: UInt64) {
        offsets.append(offset)
        types.append(type)
        bases.append(base)
        depths.append(depth)
    }
}
