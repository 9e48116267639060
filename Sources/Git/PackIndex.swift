import Glibc

/// A pack's `.idx` file of version 2, mapped into memory (`gitformat-pack`, "Version 2 pack-*.idx files").
final class PackIndex {
    /// The number of objects in the pack.
    let count: Int
    private let base: UnsafeRawPointer
    private let size: Int

    /// Opens the index at `path`.
    init(path: String) throws(GitError) {
        let operation = "read pack index '\(path)'"
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileSystem.failure(operation) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileSystem.failure(operation) }
        size = Int(status.st_size)
        guard let map = mmap(nil, max(size, 1), PROT_READ, MAP_PRIVATE, descriptor, 0), map != MAP_FAILED else {
            throw FileSystem.failure(operation)
        }
        base = UnsafeRawPointer(map)
        count = size < 1072 ? -1 : Int(Self.word(base, 8 + 255 * 4))
        guard count >= 0, Self.word(base, 0) == 0xff74_4f63, Self.word(base, 4) == 2, size >= 1072 + count * 28 else {
            munmap(map, max(size, 1))
            throw GitError(operation: operation, reason: "it is not an index of version 2")
        }
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: base), max(size, 1)) }

    /// The ID of the object at `position`, in the order of IDs.
    func key(at position: Int) -> ObjectKey {
        ObjectKey((base + 1032 + position * 20).assumingMemoryBound(to: UInt8.self))
    }

    /// Where the object at `position` begins in the pack.
    func offset(at position: Int) -> UInt64 {
        let offset = Self.word(base, 1032 + count * 24 + position * 4)
        guard offset & 0x8000_0000 != 0 else { return UInt64(offset) }
        let large = 1032 + count * 28 + Int(offset & 0x7fff_ffff) * 8
        guard large + 8 <= size else { return .max }
        return UInt64(Self.word(base, large)) << 32 | UInt64(Self.word(base, large + 4))
    }

    /// The position of the object of that ID; nil if the pack has none.
    func position(of key: ObjectKey) -> Int? {
        withUnsafeBytes(of: key) { bytes in
            let first = Int(bytes[0])
            var low = first == 0 ? 0 : Int(Self.word(base, 8 + (first - 1) * 4))
            var high = min(Int(Self.word(base, 8 + first * 4)), count)
            while low < high {
                let middle = (low + high) / 2
                let order = memcmp(base + 1032 + middle * 20, bytes.baseAddress!, 20)
                if order == 0 { return middle }
                if order < 0 { low = middle + 1 } else { high = middle }
            }
            return nil
        }
    }

    private static func word(_ base: UnsafeRawPointer, _ offset: Int) -> UInt32 {
        UInt32(bigEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
