import CLibDeflate

import GitWire

/// Completes a thin pack: appends the bases that only the repository has (`git index-pack --fix-thin`).
struct PackCompletion {
    private let spool: PackSpool
    private let entries: PackEntries
    private let database: ObjectDatabase
    private let inspector: ObjectInspector

    init(spool: PackSpool, entries: PackEntries, database: ObjectDatabase, inspector: ObjectInspector) {
        self.spool = spool
        self.entries = entries
        self.database = database
        self.inspector = inspector
    }

    /// Takes the pack's checksum off and appends those of the objects `keys` that the repository has.
    func append(_ keys: [ObjectKey]) throws(GitError) {
        try spool.truncate(to: spool.count - 20)
        try entries.reserve(keys.count)
        for key in keys {
            _ = try database.withObject(key) { kind, bytes throws(GitError) in try append(key, kind, bytes) }
        }
    }

    /// Corrects the version and the number of objects in the pack's header and appends its checksum, which is returned.
    func finish() throws(GitError) -> ObjectKey {
        try spool.overwrite(at: 4, [0, 0, 0, 2] + withUnsafeBytes(of: UInt32(entries.count).bigEndian) { Array($0) })
        let checksum = PackChecksum()
        checksum.add(try spool.contents())
        let trailer = checksum.end()
        let packed = PackedKey(trailer)
        try withUnsafeBytes(of: packed) { bytes throws(GitError) in try spool.append(bytes) }
        return trailer
    }

    private func append(
        _ key: ObjectKey, _ kind: ObjectKind, _ bytes: UnsafeBufferPointer<UInt8>
    ) throws(GitError) {
        // What it refers to has to be there as for any other object of the pack.
        try inspector.inspect(kind, key, bytes)
        var entry = Self.header(kind, size: bytes.count)
        let start = entry.count
        guard let compressor = libdeflate_alloc_compressor(6) else { throw FileSystem.failure("start libdeflate") }
        defer { libdeflate_free_compressor(compressor) }
        let room = libdeflate_zlib_compress_bound(compressor, bytes.count)
        entry += [UInt8](repeating: 0, count: room)
        let length = entry.withUnsafeMutableBytes { target in
            libdeflate_zlib_compress(compressor, bytes.baseAddress, bytes.count, target.baseAddress! + start, room)
        }
        entry.removeLast(room - length)
        entries.append(at: spool.count, type: kind.rawValue)
        entries.set(entries.count - 1, key, kind)
        entries.checksums[entries.count - 1] = libdeflate_crc32(0, entry, entry.count)
        try entry.withUnsafeBufferPointer { entry throws(GitError) in
            try spool.append(UnsafeRawBufferPointer(entry))
        }
    }

    private static func header(_ kind: ObjectKind, size: Int) -> [UInt8] {
        var bytes = [kind.rawValue << 4 | UInt8(size & 15)]
        var rest = size >> 4
        while rest > 0 {
            bytes[bytes.count - 1] |= 0x80
            bytes.append(UInt8(rest & 0x7f))
            rest >>= 7
        }
        return bytes
    }
}
