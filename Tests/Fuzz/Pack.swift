/// A pack of `count` entries with its header and checksum.
func finishedPack(count: Int, body: ArraySlice<UInt8>) -> [UInt8] {
    let pack = Array("PACK".utf8) + [0, 0, 0, 2, 0, 0, 0, UInt8(count)] + body
    return pack + sha1(pack)
}

/// An entry: its header, a delta's base, and the content as a zlib stream that compresses nothing.
func entry(type: UInt8, prefix: [UInt8] = [], _ content: [UInt8]) -> [UInt8] {
    var size = content.count
    var header = [type << 4 | UInt8(size & 15)]
    size >>= 4
    while size > 0 {
        header[header.count - 1] |= 0x80
        header.append(UInt8(size & 0x7f))
        size >>= 7
    }
    return header + prefix + stored(content)
}

/// A base's distance as an entry holds it.
func offset(_ distance: Int) -> [UInt8] {
    var bytes = [UInt8(distance & 0x7f)]
    var rest = distance >> 7
    while rest > 0 {
        rest -= 1
        bytes.insert(UInt8(rest & 0x7f) | 0x80, at: 0)
        rest >>= 7
    }
    return bytes
}

/// What a delta makes of `base`, by the book (`gitformat-pack`, "Deltified representation"); nil if it is none.
func apply(_ delta: [UInt8], to base: [UInt8]) -> [UInt8]? {
    var rest = delta[...]
    guard let baseSize = size(&rest), baseSize == base.count, let resultSize = size(&rest) else { return nil }
    var result: [UInt8] = []
    while let instruction = rest.popFirst() {
        if instruction & 0x80 != 0 {
            var (start, count) = (0, 0)
            for bit in 0..<7 where instruction >> bit & 1 == 1 {
                guard let byte = rest.popFirst() else { return nil }
                if bit < 4 { start |= Int(byte) << (8 * bit) } else { count |= Int(byte) << (8 * (bit - 4)) }
            }
            if count == 0 { count = 0x10000 }
            guard start + count <= base.count else { return nil }
            result += base[start..<start + count]
        } else {
            guard instruction > 0, rest.count >= Int(instruction) else { return nil }
            result += rest.prefix(Int(instruction))
            rest = rest.dropFirst(Int(instruction))
        }
        guard result.count <= resultSize else { return nil }
    }
    return result.count == resultSize ? result : nil
}

private func size(_ rest: inout ArraySlice<UInt8>) -> Int? {
    var value = 0
    for shift in stride(from: 0, to: 56, by: 7) {
        guard let byte = rest.popFirst() else { return nil }
        value |= Int(byte & 0x7f) << shift
        if byte & 0x80 == 0 { return value }
    }
    return nil
}

private func stored(_ content: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    var rest = content[...]
    repeat {
        let block = rest.prefix(0xffff)
        rest = rest.dropFirst(block.count)
        let length = UInt16(block.count)
        stream += [rest.isEmpty ? 1 : 0, UInt8(length & 0xff), UInt8(length >> 8)]
        stream += [UInt8(~length & 0xff), UInt8(~length >> 8)] + block
    } while !rest.isEmpty
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in content {
        low = (low + UInt32(byte)) % 65521
        high = (high + low) % 65521
    }
    return stream + [UInt8(high >> 8), UInt8(high & 0xff), UInt8(low >> 8), UInt8(low & 0xff)]
}

/// SHA-1 (FIPS 180-4), once more: not the code that is tested.
func sha1(_ message: [UInt8]) -> [UInt8] {
    var state: [UInt32] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0]
    var padded = message + [0x80]
    while padded.count % 64 != 56 { padded.append(0) }
    padded += stride(from: 56, through: 0, by: -8).map { UInt8(UInt64(message.count * 8) >> UInt64($0) & 255) }
    for block in stride(from: 0, to: padded.count, by: 64) {
        var words = (0..<16).map { word in
            (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(padded[block + word * 4 + $1]) }
        }
        for index in 16..<80 {
            words.append(rotated(words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16], 1))
        }
        var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
        for index in 0..<80 {
            let (mixed, constant): (UInt32, UInt32) =
                switch index {
                case ..<20: (b & c | ~b & d, 0x5a82_7999)
                case ..<40: (b ^ c ^ d, 0x6ed9_eba1)
                case ..<60: (b & c | b & d | c & d, 0x8f1b_bcdc)
                default: (b ^ c ^ d, 0xca62_c1d6)
                }
            let next = rotated(a, 5) &+ mixed &+ e &+ constant &+ words[index]
            (a, b, c, d, e) = (next, a, rotated(b, 30), c, d)
        }
        for (index, value) in [a, b, c, d, e].enumerated() { state[index] &+= value }
    }
    return state.flatMap { value in [24, 16, 8, 0].map { UInt8(value >> $0 & 255) } }
}

private func rotated(_ value: UInt32, _ count: UInt32) -> UInt32 { value << count | value >> (32 - count) }
