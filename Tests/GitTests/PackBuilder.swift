/// Makes packs that no git would make: entries are stored as they are given, not compressed.
struct PackBuilder {
    private var body: [UInt8]

    init(count: UInt32, version: UInt8 = 2) {
        body = Array("PACK".utf8) + [0, 0, 0, version] + withUnsafeBytes(of: count.bigEndian) { Array($0) }
    }

    /// Where the next entry begins.
    var offset: Int { body.count }

    /// Adds an entry: its header, then `prefix` (a delta's base), then `content` as a zlib stream.
    mutating func add(type: UInt8, size: Int? = nil, prefix: [UInt8] = [], _ content: [UInt8]) {
        var size = size ?? content.count
        var first = type << 4 | UInt8(size & 15)
        size >>= 4
        while size > 0 {
            body.append(first | 0x80)
            first = UInt8(size & 0x7f)
            size >>= 7
        }
        body.append(first)
        body += prefix + Self.stored(content)
    }

    /// The pack with its checksum.
    func finished() async throws -> [UInt8] {
        let digest = try await shell("sha1sum | cut -c1-40", in: "/", input: body).text
        let digits = Array(digest.utf8).map { $0 < 0x3a ? $0 - 0x30 : $0 - 0x57 }
        return body + stride(from: 0, to: 40, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// A number as deltas hold sizes: 7 bits a byte, the lowest first.
    static func size(_ value: Int) -> [UInt8] {
        value < 128 ? [UInt8(value)] : [UInt8(value & 0x7f) | 0x80] + size(value >> 7)
    }

    /// A zlib stream of blocks that are not compressed (RFC 1950, RFC 1951 §3.2.4).
    private static func stored(_ content: [UInt8]) -> [UInt8] {
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
}
