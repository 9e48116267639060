/// The entries of a pack in the order of their offsets: where one ends is where the next begins.
struct PackFileOrder {
    /// Positions in the index, by ascending offset.
    let positions: [UInt32]
    private let index: PackFileIndex

    init(_ index: PackFileIndex) {
        self.index = index
        var keyed: [(offset: Int, position: UInt32)] = []
        keyed.reserveCapacity(index.count)
        for position in 0..<index.count { keyed.append((index.offset(at: position), UInt32(position))) }
        keyed.sort { $0.offset < $1.offset }
        positions = keyed.map(\.position)
    }

    /// Where the entry of that rank begins.
    func offset(_ rank: Int) -> Int { index.offset(at: Int(positions[rank])) }

    /// Where the entry of that rank ends, in a pack whose entries end at `end`.
    func end(_ rank: Int, _ end: Int) -> Int { rank + 1 < positions.count ? offset(rank + 1) : end }

    /// The rank of the entry that begins at `offset`; nil if none does. Quick if it is a little before `hint`.
    func rank(of offset: Int, before hint: Int? = nil) -> Int? {
        var low = 0
        var high = positions.count
        if let hint, hint < high, self.offset(hint) >= offset {
            var step = 1
            high = hint + 1
            while hint - step > 0, self.offset(hint - step) > offset {
                high = hint - step + 1
                step *= 2
            }
            low = max(hint - step, 0)
        }
        while low < high {
            let middle = (low + high) / 2
            let found = self.offset(middle)
            if found == offset { return middle }
            if found < offset { low = middle + 1 } else { high = middle }
        }
        return nil
    }
}
