/// What is known about each entry of a pack, in the order of the pack: flat columns, since there may be millions.
///
/// Threads that resolve deltas write to different entries.
final class PackEntries: @unchecked Sendable {
    /// "No entry" in `bases`.
    static let none = UInt32.max

    private(set) var count = 0
    private var capacity: Int
    /// Where each entry begins in the pack, ascending.
    private(set) var offsets: Column<UInt64>
    /// The ID of each entry; for a delta on a named base the base's, until it is resolved.
    private(set) var keys: Column<PackedKey>
    /// The CRC-32 of each entry as it is in the pack.
    private(set) var checksums: Column<UInt32>
    /// The type bits of each entry: 1–4, 6 or 7.
    private(set) var types: Column<UInt8>
    /// The kind of each object; 0 until its ID is known.
    private(set) var kinds: Column<UInt8>
    /// The entry that a delta was made from; `none` for a whole object, or while it is not known.
    private(set) var bases: Column<UInt32>
    /// How many deltas on bases named by their IDs there are.
    private(set) var references = 0

    init(capacity: Int) throws(GitError) {
        self.capacity = capacity
        offsets = try Column(count: capacity)
        keys = try Column(count: capacity)
        checksums = try Column(count: capacity)
        types = try Column(count: capacity)
        kinds = try Column(count: capacity)
        bases = try Column(count: capacity)
    }

    deinit {
        offsets.free()
        keys.free()
        checksums.free()
        types.free()
        kinds.free()
        bases.free()
    }

    /// Adds the entry at `offset`, which must lie behind all others.
    func append(at offset: Int, type: UInt8, base: UInt32 = PackEntries.none) {
        offsets[count] = UInt64(offset)
        types[count] = type
        bases[count] = base
        if type == 7 { references += 1 }
        count += 1
    }

    /// Makes room for `more` entries beyond those there are.
    func reserve(_ more: Int) throws(GitError) {
        let new = count + more
        guard new > capacity else { return }
        try offsets.grow(from: capacity, to: new)
        try keys.grow(from: capacity, to: new)
        try checksums.grow(from: capacity, to: new)
        try types.grow(from: capacity, to: new)
        try kinds.grow(from: capacity, to: new)
        try bases.grow(from: capacity, to: new)
        capacity = new
    }

    /// Records what object an entry holds.
    @inline(__always)
    func set(_ index: Int, _ key: ObjectKey, _ kind: ObjectKind) {
        keys[index] = PackedKey(key)
        kinds[index] = kind.rawValue
    }

    /// The entry that begins at `offset`; nil if none does.
    func index(at offset: Int) -> Int? {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if offsets[middle] < UInt64(offset) { low = middle + 1 } else { high = middle }
        }
        return low < count && offsets[low] == UInt64(offset) ? low : nil
    }
}

/// An object ID in 20 bytes, without the padding that `ObjectKey` has in an array.
struct PackedKey: BitwiseCopyable {
    private let words: (UInt32, UInt32, UInt32, UInt32, UInt32)

    @inline(__always)
    init(_ key: ObjectKey) {
        words = withUnsafeBytes(of: key) { $0.loadUnaligned(as: (UInt32, UInt32, UInt32, UInt32, UInt32).self) }
    }

    @inline(__always)
    var key: ObjectKey {
        withUnsafeBytes(of: self) { ObjectKey($0.baseAddress!.assumingMemoryBound(to: UInt8.self)) }
    }

    /// The first bytes, which order IDs as numbers.
    @inline(__always)
    var prefix: UInt64 { UInt64(words.0.bigEndian) << 32 | UInt64(words.1.bigEndian) }

    /// Whether this ID comes before `other`.
    @inline(__always)
    static func < (one: PackedKey, other: PackedKey) -> Bool {
        let (first, second) = (one.prefix, other.prefix)
        if first != second { return first < second }
        return one.middle == other.middle ? one.last < other.last : one.middle < other.middle
    }

    @inline(__always)
    static func == (one: PackedKey, other: PackedKey) -> Bool { one.words == other.words }

    /// The bytes after those.
    @inline(__always)
    var middle: UInt64 { UInt64(words.2.bigEndian) << 32 | UInt64(words.3.bigEndian) }
    private var last: UInt32 { words.4.bigEndian }
}
