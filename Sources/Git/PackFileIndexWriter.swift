import GitWire
import Glibc

/// Collects the entries of a pack that is being written, and makes its index (`gitformat-pack`, version 2).
struct PackFileIndexWriter {
    private var entries: [PackStream.Entry] = []

    var count: Int { entries.count }

    mutating func add(_ entry: PackStream.Entry) { entries.append(entry) }

    /// The index of the pack with that checksum.
    mutating func finish(packChecksum: [UInt8]) -> [UInt8] {
        entries.sort { $0.key.precedes($1.key) }
        var index: [UInt8] = [0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2]
        index.reserveCapacity(1072 + entries.count * 28)
        var fan = [UInt32](repeating: 0, count: 256)
        for entry in entries { fan[Int(entry.key.firstByte)] += 1 }
        var total: UInt32 = 0
        for count in fan {
            total += count
            Self.append(total, to: &index)
        }
        for entry in entries { entry.key.withBytes { index.append(contentsOf: $0) } }
        for entry in entries { Self.append(entry.checksum, to: &index) }
        var large: [UInt64] = []
        for entry in entries {
            if entry.offset < 1 << 31 {
                Self.append(UInt32(entry.offset), to: &index)
            } else {
                Self.append(1 << 31 | UInt32(large.count), to: &index)
                large.append(UInt64(entry.offset))
            }
        }
        for offset in large { Self.append(offset, to: &index) }
        index += packChecksum
        let digest = PackChecksum()
        index.withUnsafeBytes { digest.add($0) }
        return index + digest.end().id.bytes
    }

    private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }
}

extension ObjectKey {
    fileprivate var firstByte: UInt8 { withUnsafeBytes(of: self) { $0[0] } }

    fileprivate func withBytes(_ body: (Slice<UnsafeRawBufferPointer>) -> Void) {
        withUnsafeBytes(of: self) { body($0[..<20]) }
    }

    fileprivate func precedes(_ other: ObjectKey) -> Bool {
        withUnsafeBytes(of: self) { one in
            withUnsafeBytes(of: other) { memcmp(one.baseAddress!, $0.baseAddress!, 20) < 0 }
        }
    }
}
