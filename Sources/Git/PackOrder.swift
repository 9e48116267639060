/// The entries of a pack in the order of their IDs.
enum PackOrder {
    /// The sorted entries, to be freed by the caller. Throws if two have the same ID.
    static func sorted(_ entries: PackEntries) throws(GitError) -> Column<UInt32> {
        let order = try Column<UInt32>(count: entries.count)
        do throws(GitError) {
            if entries.count < 4096 {
                for entry in 0..<entries.count { order[entry] = UInt32(entry) }
                sort(order, 0..<entries.count, entries)
            } else {
                try sortByBuckets(order, entries)
            }
            try requireUnique(order, entries)
        } catch {
            order.free()
            throw error
        }
        return order
    }

    /// Puts the entries into 65,536 buckets by the first two bytes of their IDs, then sorts each.
    private static func sortByBuckets(_ order: Column<UInt32>, _ entries: PackEntries) throws(GitError) {
        let starts = try Column<UInt32>(count: 0x10001)
        defer { starts.free() }
        for entry in 0..<entries.count { starts[Int(entries.keys[entry].prefix >> 48) + 1] += 1 }
        for bucket in 0..<0x10000 { starts[bucket + 1] += starts[bucket] }
        for entry in 0..<entries.count {
            let bucket = Int(entries.keys[entry].prefix >> 48)
            order[Int(starts[bucket])] = UInt32(entry)
            starts[bucket] += 1
        }
        var start = 0
        for bucket in 0..<0x10000 {
            sort(order, start..<Int(starts[bucket]), entries)
            start = Int(starts[bucket])
        }
    }

    private static func sort(_ order: Column<UInt32>, _ range: Range<Int>, _ entries: PackEntries) {
        guard range.count > 1 else { return }
        var bucket = UnsafeMutableBufferPointer(start: order.base + range.lowerBound, count: range.count)
        bucket.sort { entries.keys[Int($0)] < entries.keys[Int($1)] }
    }

    private static func requireUnique(_ order: Column<UInt32>, _ entries: PackEntries) throws(GitError) {
        var position = 1
        while position < entries.count {
            let key = entries.keys[Int(order[position])]
            if key == entries.keys[Int(order[position - 1])] {
                throw GitError(
                    operation: "index pack", reason: "the same object \(key.key.id) appears twice in the pack")
            }
            position += 1
        }
    }
}
