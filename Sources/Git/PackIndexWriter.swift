import Glibc

/// Writes a pack's `.idx` file of version 2 (`gitformat-pack`, "Version 2 pack-*.idx files").
struct PackIndexWriter {
    private let entries: PackEntries
    private let order: Column<UInt32>
    private let path: String
    private let descriptor: Int32
    private let checksum = PackChecksum()
    private var buffer: [UInt8] = []

    /// Writes the index of `entries`, whose sorted `order` is given, of the pack that ends in `trailer` to a new file.
    static func write(
        _ entries: PackEntries, order: Column<UInt32>, trailer: ObjectKey, to path: String
    ) throws(GitError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o444)
        guard descriptor >= 0 else { throw FileSystem.failure("create '\(path)'") }
        defer { close(descriptor) }
        var writer = PackIndexWriter(entries: entries, order: order, path: path, descriptor: descriptor)
        try writer.writeTables()
        try writer.finish(trailer)
    }

    private init(entries: PackEntries, order: Column<UInt32>, path: String, descriptor: Int32) {
        self.entries = entries
        self.order = order
        self.path = path
        self.descriptor = descriptor
        buffer.reserveCapacity(64 << 10)
    }

    private mutating func writeTables() throws(GitError) {
        try add(0xff74_4f63)
        try add(2)
        var position = 0
        for first in UInt8.min ... .max {
            while position < entries.count, key(position).prefix >> 56 <= UInt64(first) { position += 1 }
            try add(UInt32(position))
        }
        for position in 0..<entries.count {
            let key = key(position)
            try withUnsafeBytes(of: key) { bytes throws(GitError) in try add(bytes) }
        }
        for position in 0..<entries.count { try add(entries.checksums[Int(order[position])]) }
        try writeOffsets()
    }

    /// Offsets in 31 bits; where they do not fit, a place in a second table of 64 bits.
    private mutating func writeOffsets() throws(GitError) {
        var large: [UInt64] = []
        for position in 0..<entries.count {
            let offset = entries.offsets[Int(order[position])]
            if offset < 1 << 31 {
                try add(UInt32(offset))
            } else {
                try add(1 << 31 | UInt32(large.count))
                large.append(offset)
            }
        }
        for offset in large {
            try add(UInt32(offset >> 32))
            try add(UInt32(truncatingIfNeeded: offset))
        }
    }

    private mutating func finish(_ trailer: ObjectKey) throws(GitError) {
        let trailer = PackedKey(trailer)
        try withUnsafeBytes(of: trailer) { bytes throws(GitError) in try add(bytes) }
        try flush()
        let sum = PackedKey(checksum.end())
        try withUnsafeBytes(of: sum) { bytes throws(GitError) in try add(bytes) }
        try buffer.withUnsafeBufferPointer { bytes throws(GitError) in
            try FileSystem.write(bytes, to: descriptor, path: path)
        }
    }

    private func key(_ position: Int) -> PackedKey { entries.keys[Int(order[position])] }

    @inline(__always)
    private mutating func add(_ word: UInt32) throws(GitError) {
        let word = word.bigEndian
        try withUnsafeBytes(of: word) { bytes throws(GitError) in try add(bytes) }
    }

    @inline(__always)
    private mutating func add(_ bytes: UnsafeRawBufferPointer) throws(GitError) {
        if buffer.count + bytes.count > 64 << 10 { try flush() }
        buffer.append(contentsOf: bytes)
    }

    private mutating func flush() throws(GitError) {
        try buffer.withUnsafeBufferPointer { bytes throws(GitError) in
            checksum.add(UnsafeRawBufferPointer(bytes))
            try FileSystem.write(bytes, to: descriptor, path: path)
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
