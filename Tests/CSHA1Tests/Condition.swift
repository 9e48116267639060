import CSHA1.Internals

/// An unavoidable condition: two bits of the expanded words differ or are equal, for the vectors of a mask.
struct Condition {
    let words: [Int]
    let bits: [Int]
    let differ: Bool
    let vectors: UInt32

    static let all = (0..<csha1_condition_count()).map(Condition.init)

    private init(_ index: Int) {
        var words: [Int32] = [0, 0]
        var bits: [Int32] = [0, 0]
        var vectors: UInt32 = 0
        differ = csha1_condition(index, &words, &bits, &vectors) == 1
        self.words = words.map { Int($0) }
        self.bits = bits.map { Int($0) }
        self.vectors = vectors
    }

    func holds(_ expanded: [UInt32]) -> Bool {
        let differing = (expanded[words[0]] >> UInt32(bits[0]) ^ expanded[words[1]] >> UInt32(bits[1])) & 1
        return (differing == 1) == differ
    }

    /// The expansion is linear: the condition is about the parity of these bits of the block.
    var row: BitRow { BitRow.expanded[words[0]][bits[0]] ^ BitRow.expanded[words[1]][bits[1]] }

    /// The vectors whose conditions all hold.
    static func survivors(_ expanded: [UInt32]) -> UInt32 {
        all.reduce(~0) { mask, condition in condition.holds(expanded) ? mask : mask & ~condition.vectors }
    }
}

/// A set of the 512 bits of a block; bit 32 * i + b is bit b of word i.
struct BitRow: Equatable {
    var bits: [UInt32] = .init(repeating: 0, count: 16)

    static func ^ (one: BitRow, other: BitRow) -> BitRow {
        BitRow(bits: zip(one.bits, other.bits).map { $0 ^ $1 })
    }

    var lowest: Int? {
        bits.firstIndex { $0 != 0 }.map { 32 * $0 + bits[$0].trailingZeroBitCount }
    }

    func contains(_ bit: Int) -> Bool { bits[bit / 32] >> UInt32(bit % 32) & 1 == 1 }

    /// The parity of the bits of `block` that are in the set.
    func parity(_ block: [UInt32]) -> Bool {
        zip(bits, block).reduce(0) { $0 ^ ($1.0 & $1.1) }.nonzeroBitCount % 2 == 1
    }

    /// Which bits of the block make up bit b of expanded word t, as [t][b].
    static let expanded: [[BitRow]] = {
        var rows = (0..<16).map { word in
            (0..<32).map { bit in
                var row = BitRow()
                row.bits[word] = 1 << UInt32(bit)
                return row
            }
        }
        for t in 16..<80 {
            rows.append(
                (0..<32).map { bit in
                    let from = (bit + 31) % 32
                    return rows[t - 3][from] ^ rows[t - 8][from] ^ rows[t - 14][from] ^ rows[t - 16][from]
                })
        }
        return rows
    }()

    /// A block, else of chance, with the demanded parity of each row; nil if they contradict each other.
    static func solve(_ demands: [(row: BitRow, parity: Bool)], _ noise: inout Noise) -> [UInt32]? {
        var block = (0..<16).map { _ in UInt32(truncatingIfNeeded: noise.next()) }
        var solved: [(row: BitRow, pivot: Int, parity: Bool)] = []
        for (row, parity) in demands {
            var (row, parity) = (row, parity)
            for other in solved where row.contains(other.pivot) {
                (row, parity) = (row ^ other.row, parity != other.parity)
            }
            guard let pivot = row.lowest else {
                if parity { return nil }
                continue
            }
            solved.append((row, pivot, parity))
        }
        // The later rows do not contain the pivots of the earlier ones: so from the last to the first.
        for (row, pivot, parity) in solved.reversed() where row.parity(block) != parity {
            block[pivot / 32] ^= 1 << UInt32(pivot % 32)
        }
        return block
    }

    /// A block for which all conditions of a vector hold but the `broken`-th of them.
    static func block(for vector: Int, broken: Int? = nil, _ noise: inout Noise) -> [UInt8]? {
        let conditions = Condition.all.filter { $0.vectors >> UInt32(vector) & 1 == 1 }
        let demands = conditions.enumerated().map { index, condition in
            (row: condition.row, parity: condition.differ != (index == broken))
        }
        return solve(demands, &noise)?.flatMap { word in
            (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) }
        }
    }
}
