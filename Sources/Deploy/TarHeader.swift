/// What a tar archive says of a file or folder (POSIX.1-2017 pax, "ustar Interchange Format").
struct TarHeader: Sendable, Equatable {
    private static let blockSize = 512

    var mode: Int
    var user: Int
    var group: Int
    /// In bytes.
    var size: Int
    /// Seconds since 1970.
    var changed: Int

    /// The first file or folder of an archive, and where its bytes start; nil when `bytes` end before that.
    static func first(in bytes: [UInt8]) -> (header: TarHeader, start: Int)? {
        var start = 0
        while bytes.count - start >= blockSize {
            let block = bytes[start..<start + blockSize]
            let header = TarHeader(block)
            start += blockSize
            // What a header has no room for comes before it, as a file of its own.
            let type = block[block.startIndex + 156]
            guard type == UInt8(ascii: "x") || type == UInt8(ascii: "g") else { return (header, start) }
            start += (header.size + blockSize - 1) / blockSize * blockSize
        }
        return nil
    }

    private init(_ block: ArraySlice<UInt8>) {
        mode = Self.number(block, 100, 8)
        user = Self.number(block, 108, 8)
        group = Self.number(block, 116, 8)
        size = Self.number(block, 124, 12)
        changed = Self.number(block, 136, 12)
    }

    /// The block that makes a folder of this owner and these permissions; nil when its name is longer than 100 bytes.
    func folderEntry(named name: String) -> [UInt8]? {
        guard name.utf8.count <= 100 else { return nil }
        var block = [UInt8](repeating: 0, count: Self.blockSize)
        block.replaceSubrange(0..<name.utf8.count, with: name.utf8)
        for (value, offset, count) in [
            (mode, 100, 8), (user, 108, 8), (group, 116, 8), (0, 124, 12), (changed, 136, 12),
        ] {
            block.replaceSubrange(offset..<offset + count, with: Self.field(value, count))
        }
        block[156] = UInt8(ascii: "5")
        block.replaceSubrange(257..<265, with: Array("ustar\0".utf8) + Array("00".utf8))
        // The sum is over the block with spaces in its place.
        block.replaceSubrange(148..<156, with: [UInt8](repeating: UInt8(ascii: " "), count: 8))
        block.replaceSubrange(148..<155, with: Self.field(block.reduce(0) { $0 + Int($1) }, 7))
        return block
    }

    /// Octal digits; where those do not suffice, bytes of which the first has its top bit set, as GNU tar does.
    private static func field(_ value: Int, _ count: Int) -> [UInt8] {
        let digits = Array(String(value, radix: 8).utf8)
        if digits.count < count {
            return [UInt8](repeating: UInt8(ascii: "0"), count: count - 1 - digits.count) + digits + [0]
        }
        return [0x80] + (1..<count).reversed().map { $0 > 8 ? 0 : UInt8(truncatingIfNeeded: value >> (8 * ($0 - 1))) }
    }

    private static func number(_ block: ArraySlice<UInt8>, _ offset: Int, _ count: Int) -> Int {
        let field = block[(block.startIndex + offset)..<(block.startIndex + offset + count)]
        if let first = field.first, first & 0x80 != 0 {
            return field.dropFirst().suffix(7).reduce(0) { $0 << 8 | Int($1) }
        }
        let digits = field.drop { $0 == UInt8(ascii: " ") }.prefix { (48...55).contains($0) }
        return digits.reduce(0) { $0 << 3 | Int($1 - 48) }
    }
}
