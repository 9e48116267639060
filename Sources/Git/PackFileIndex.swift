import Glibc

/// A pack's `.idx` file of version 2, mapped into memory (`gitformat-pack`, "Version 2 pack-*.idx files").
struct PackFileIndex {
    let map: PackFileMap
    /// The number of objects in the pack.
    let count: Int
    private let largeOffsets: Int

    /// Opens the index at `path`, whose form is checked but not its checksum.
    init(_ path: String) throws(GitError) {
        map = try PackFileMap(path)
        let malformed = GitError(operation: "read pack index '\(path)'", reason: "it is not an index of version 2")
        guard map.count >= Self.keys + 40, map.word(at: 0) == 0xff74_4f63, map.word(at: 4) == 2 else {
            throw malformed
        }
        count = Int(map.word(at: 8 + 255 * 4))
        let rest = map.count - (Self.keys + count * 28 + 40)
        guard rest >= 0, rest % 8 == 0 else { throw malformed }
        largeOffsets = rest / 8
        for slot in 1..<256 where map.word(at: 8 + slot * 4) < map.word(at: 4 + slot * 4) { throw malformed }
    }

    /// The ID of the object at `position` in the order of IDs.
    func key(at position: Int) -> ObjectKey { ObjectKey(pointer(at: position)) }

    /// Where the 20 bytes of the ID at `position` are.
    @inline(__always)
    func pointer(at position: Int) -> UnsafePointer<UInt8> { map.base + Self.keys + position * 20 }

    /// Where the object at `position` begins in the pack; nothing says that the pack is that long.
    @inline(__always)
    func offset(at position: Int) -> Int {
        let offset = map.word(at: Self.keys + count * 24 + position * 4)
        return offset & 0x8000_0000 == 0 ? Int(offset) : largeOffset(Int(offset & 0x7fff_ffff))
    }

    /// The CRC-32 of the object's entry, its header included.
    func checksum(at position: Int) -> UInt32 { map.word(at: Self.keys + count * 20 + position * 4) }

    /// The 20 bytes of the pack's own checksum, as the index has it.
    var packChecksum: UnsafePointer<UInt8> { map.base + map.count - 40 }

    /// The position of the object of that ID; nil if the pack has none.
    func position(of key: ObjectKey) -> Int? {
        withUnsafeBytes(of: key) { position(of: $0.bindMemory(to: UInt8.self).baseAddress!) }
    }

    /// The position of the object whose ID is the 20 bytes at `id`; nil if the pack has none.
    func position(of id: UnsafePointer<UInt8>) -> Int? {
        let first = Int(id.pointee)
        var low = first == 0 ? 0 : Int(map.word(at: 4 + first * 4))
        var high = Int(map.word(at: 8 + first * 4))
        let wanted = Self.prefix(id)
        while low < high {
            let middle = (low + high) / 2
            let candidate = pointer(at: middle)
            let found = Self.prefix(candidate)
            if found < wanted {
                low = middle + 1
            } else if found > wanted {
                high = middle
            } else {
                let order = memcmp(candidate, id, 20)
                if order == 0 { return middle }
                if order < 0 { low = middle + 1 } else { high = middle }
            }
        }
        return nil
    }

    @inline(__always)
    private static func prefix(_ id: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(bigEndian: UnsafeRawPointer(id).loadUnaligned(as: UInt64.self))
    }

    /// An offset beyond 2 GiB, from the table of those; beyond any pack if the table has no such entry.
    private func largeOffset(_ entry: Int) -> Int {
        guard entry < largeOffsets else { return .max }
        let position = Self.keys + count * 28 + entry * 8
        return Int(clamping: UInt64(map.word(at: position)) << 32 | UInt64(map.word(at: position + 4)))
    }

    private static let keys = 8 + 256 * 4
}
