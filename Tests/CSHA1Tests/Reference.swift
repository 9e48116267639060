/// SHA-1 and its disturbance vectors written down as plainly as can be, as a yardstick: nothing here is shared with the
/// code under test.
enum Reference {
    static let initial: [UInt32] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0]

    static func rotate(_ word: UInt32, _ left: Int) -> UInt32 {
        left == 0 ? word : word << UInt32(left) | word >> UInt32(32 - left)
    }

    static func words(_ block: some Collection<UInt8>) -> [UInt32] {
        let bytes = block.map { UInt32($0) }
        return (0..<16).map {
            bytes[4 * $0] << 24 | bytes[4 * $0 + 1] << 16 | bytes[4 * $0 + 2] << 8 | bytes[4 * $0 + 3]
        }
    }

    /// 16 words continued to 80.
    static func expand(_ words: [UInt32]) -> [UInt32] {
        var words = words
        for t in 16..<80 { words.append(rotate(words[t - 3] ^ words[t - 8] ^ words[t - 14] ^ words[t - 16], 1)) }
        return words
    }

    /// f of the step plus its constant.
    static func mix(_ step: Int, _ b: UInt32, _ c: UInt32, _ d: UInt32) -> UInt32 {
        switch step / 20 {
        case 0: ((b & c) | (~b & d)) &+ 0x5a82_7999
        case 1: (b ^ c ^ d) &+ 0x6ed9_eba1
        case 2: ((b & c) | (b & d) | (c & d)) &+ 0x8f1b_bcdc
        default: (b ^ c ^ d) &+ 0xca62_c1d6
        }
    }

    /// The working state after `steps`, from the one before them.
    static func forward(_ state: [UInt32], _ words: [UInt32], _ steps: Range<Int>) -> [UInt32] {
        steps.reduce(state) { s, t in
            [rotate(s[0], 5) &+ mix(t, s[1], s[2], s[3]) &+ s[4] &+ words[t], s[0], rotate(s[1], 30), s[2], s[3]]
        }
    }

    /// The working state before `steps`, from the one after them.
    static func backward(_ state: [UInt32], _ words: [UInt32], _ steps: Range<Int>) -> [UInt32] {
        steps.reversed().reduce(state) { s, t in
            let (b, c, d) = (rotate(s[2], 2), s[3], s[4])
            return [s[1], b, c, d, s[0] &- rotate(s[1], 5) &- mix(t, b, c, d) &- words[t]]
        }
    }

    static func sum(_ one: [UInt32], _ other: [UInt32]) -> [UInt32] {
        zip(one, other).map { $0 &+ $1 }
    }

    /// The compression function.
    static func compress(_ state: [UInt32], _ words: [UInt32]) -> [UInt32] {
        sum(state, forward(state, words, 0..<80))
    }

    /// The vectors by which a block, from that state, is part of a collision attack: every one is tried, with no
    /// screening, forwards from the beginning of the block.
    static func attacks(_ state: [UInt32], _ block: some Collection<UInt8>) -> [Int] {
        let own = expand(words(block))
        let after = compress(state, own)
        return Vector.all.indices.filter { index in
            let vector = Vector.all[index]
            let sister = expand((0..<16).map { own[$0] ^ vector.differences[$0] })
            let middle = forward(state, own, 0..<vector.equalStep)
            let beginning = backward(middle, sister, 0..<vector.equalStep)
            return compress(beginning, sister) == after
        }
    }
}
