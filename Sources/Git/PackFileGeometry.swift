/// Which packs to join so that each of those left is at least twice as large as all smaller ones together: then an
/// object is copied no more often than the logarithm of their number (git's `repack --geometric=2`).
enum PackFileGeometry {
    /// The number of packs to join, the smallest ones, where `counts` are the objects of each, ascending.
    static func joined(_ counts: [Int]) -> Int {
        // Very small packs count as equal, or a long row of them would do as it is.
        let weights = counts.map { max($0, 256) }
        var split = weights.count
        while split > 1, weights[split - 1] >= 2 * weights[split - 2] { split -= 1 }
        if split <= 1 { return 0 }
        var total = counts[..<split].reduce(0, +)
        while split < counts.count, counts[split] < 2 * total {
            total += counts[split]
            split += 1
        }
        return split
    }
}
