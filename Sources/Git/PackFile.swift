import CLibDeflate
import Glibc

/// A pack with its index, both mapped into memory. Whatever is wrong with them throws; nothing is taken on trust.
///
/// It stays readable when its files are removed.
final class PackFile {
    /// The path of both files without `.pack` and `.idx`.
    let path: String
    let index: PackFileIndex
    let map: PackFileMap
    /// The positions of all objects in the index, in the order of the pack.
    private(set) lazy var order = PackFileOrder(index)

    /// Opens `<path>.pack` and `<path>.idx`.
    init(_ path: String) throws(GitError) {
        self.path = path
        index = try PackFileIndex("\(path).idx")
        map = try PackFileMap("\(path).pack")
        guard map.count >= 32, map.word(at: 0) == 0x5041_434b, 2...3 ~= map.word(at: 4) else {
            throw failure("it is not a pack of version 2")
        }
        guard map.word(at: 8) == index.count, memcmp(map.base + end, index.packChecksum, 20) == 0 else {
            throw failure("its index belongs to another pack")
        }
    }

    /// The number of objects.
    var count: Int { index.count }

    /// Where the last entry ends and the pack's checksum begins.
    var end: Int { map.count - 20 }

    /// Reads the header of the entry at `offset`.
    func entry(at offset: Int) throws(GitError) -> PackFileEntry {
        guard offset >= 12, offset < end else { throw corrupt(offset) }
        var position = offset
        var byte = map.base[position]
        let type = byte >> 4 & 7
        var size = Int(byte & 15)
        var shift = 4
        while byte & 0x80 != 0 {
            position += 1
            guard position < end, shift < 56 else { throw corrupt(offset) }
            byte = map.base[position]
            size |= Int(byte & 0x7f) << shift
            shift += 7
        }
        position += 1
        let storage = try storage(type, &position, of: offset)
        // DEFLATE cannot expand more than 1032 times: no allocation is larger than the file can justify.
        guard position < end, size <= (end - position) * 1032 else { throw corrupt(offset) }
        return PackFileEntry(storage: storage, size: size, content: position)
    }

    /// Throws unless the bytes of the entry at `position` of the index, which are `range` of the pack, have the CRC-32
    /// that the index holds.
    func verify(_ position: Int, _ range: Range<Int>) throws(GitError) {
        guard range.upperBound <= end, range.lowerBound >= 12,
            libdeflate_crc32(0, map.base + range.lowerBound, range.count) == index.checksum(at: position)
        else { throw corrupt(range.lowerBound) }
    }

    /// That the entry at `offset` is not what it has to be.
    func corrupt(_ offset: Int) -> GitError { failure("the entry at offset \(offset) is corrupt") }

    func failure(_ reason: String) -> GitError { GitError(operation: "read pack '\(path).pack'", reason: reason) }

    private func storage(
        _ type: UInt8, _ position: inout Int, of offset: Int
    ) throws(GitError) -> PackFileEntry.Storage {
        switch type {
        case 6: return .offsetDelta(base: try base(&position, of: offset))
        case 7:
            guard position + 20 <= end else { throw corrupt(offset) }
            defer { position += 20 }
            return .referenceDelta(base: ObjectKey(map.base + position))
        default:
            guard let kind = ObjectKind(rawValue: type) else { throw corrupt(offset) }
            return .whole(kind)
        }
    }

    /// The offset of a delta's base, which is written as the distance to it.
    private func base(_ position: inout Int, of offset: Int) throws(GitError) -> Int {
        var distance = -1
        var byte: UInt8
        repeat {
            guard position < end, distance < 1 << 48 else { throw corrupt(offset) }
            byte = map.base[position]
            distance = (distance + 1) << 7 | Int(byte & 0x7f)
            position += 1
        } while byte & 0x80 != 0
        guard distance > 0, offset - distance >= 12 else { throw corrupt(offset) }
        return offset - distance
    }
}
