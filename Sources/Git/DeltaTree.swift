/// Which deltas each entry of a pack is the base of.
///
/// Of the deltas on one base that has the most deltas behind it comes last: whoever goes down the others first has to
/// hold few bases at a time, at most the logarithm of their number.
final class DeltaTree: @unchecked Sendable {
    // Entry 0 is no delta on another entry, so 0 means "none".
    private let first: Column<UInt32>
    private let next: Column<UInt32>
    private let last: Column<UInt32>
    /// The deltas on bases named by their IDs, by those.
    private let references: Column<Reference>
    private let referenceCount: Int
    /// The number of entries; those added later have named deltas only.
    private let count: Int

    private struct Reference: BitwiseCopyable {
        var base: PackedKey
        var entry: UInt32
    }

    init(_ entries: PackEntries) throws(GitError) {
        count = entries.count
        first = try Column(count: count)
        next = try Column(count: count)
        last = try Column(count: count)
        references = try Column(count: entries.references)
        referenceCount = entries.references
        try link(entries)
        sortReferences(entries)
    }

    deinit {
        first.free()
        next.free()
        last.free()
        references.free()
    }

    /// The first of the deltas on `entry`, but for the last; 0 if there is none.
    @inline(__always)
    func firstDelta(on entry: Int) -> Int { entry < count ? Int(first[entry]) : 0 }

    /// The delta on the same base after `delta`, but for the last; 0 if there is none.
    @inline(__always)
    func delta(after delta: Int) -> Int { Int(next[delta]) }

    /// The delta on `entry` to be resolved last; 0 if there is none.
    @inline(__always)
    func lastDelta(on entry: Int) -> Int { entry < count ? Int(last[entry]) : 0 }

    /// The positions of the deltas that name `key` as their base.
    func references(to key: ObjectKey) -> Range<Int> {
        guard referenceCount > 0 else { return 0..<0 }
        let key = PackedKey(key)
        let start = firstReference { !($0 < key) }
        return start..<max(start, firstReference { key < $0 })
    }

    /// The first position whose base `isBehind`, which all after it are too.
    @inline(__always)
    private func firstReference(_ isBehind: (PackedKey) -> Bool) -> Int {
        var low = 0
        var high = referenceCount
        while low < high {
            let middle = (low + high) / 2
            if isBehind(references[middle].base) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The delta at one of these positions.
    func reference(at position: Int) -> Int { Int(references[position].entry) }

    /// The base that the delta at one of these positions names.
    func base(at position: Int) -> ObjectKey { references[position].base.key }

    /// The number of deltas on bases named by their IDs.
    var allReferences: Range<Int> { 0..<referenceCount }

    private func link(_ entries: PackEntries) throws(GitError) {
        let weights = try Column<UInt32>(count: entries.count)
        defer { weights.free() }
        // A base comes before its deltas, so that each weight is complete when it is used.
        for entry in stride(from: entries.count - 1, to: 0, by: -1) where entries.types[entry] == 6 {
            let base = Int(entries.bases[entry])
            weights[base] += weights[entry] + 1
            let heaviest = Int(last[base])
            if heaviest == 0 {
                last[base] = UInt32(entry)
            } else {
                let lighter = weights[entry] > weights[heaviest] ? heaviest : entry
                last[base] = UInt32(lighter == entry ? heaviest : entry)
                next[lighter] = first[base]
                first[base] = UInt32(lighter)
            }
        }
    }

    private func sortReferences(_ entries: PackEntries) {
        guard referenceCount > 0 else { return }
        var position = 0
        for entry in 0..<entries.count where entries.types[entry] == 7 {
            references[position] = Reference(base: entries.keys[entry], entry: UInt32(entry))
            position += 1
        }
        var sorted = UnsafeMutableBufferPointer(start: references.base, count: referenceCount)
        sorted.sort { $0.base < $1.base }
    }
}
