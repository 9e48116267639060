import Glibc

/// Memory that is used again and again, or handed over.
final class WorkMemory {
    /// Beyond this, memory is given back once a smaller piece will do.
    private static let keptCapacity = 4 << 20

    private var base: UnsafeMutablePointer<UInt8>?
    private var capacity = 0

    deinit { free(base) }

    /// At least `count` bytes; what was there before is lost.
    func reserve(_ count: Int) throws(GitError) -> UnsafeMutablePointer<UInt8> {
        if let base, count <= capacity, capacity <= Self.keptCapacity || count > Self.keptCapacity { return base }
        free(base)
        base = nil
        let wanted = max(count, 64 << 10)
        base = try Self.allocate(wanted)
        capacity = wanted
        return base!
    }

    /// Memory to be freed by whoever gets it.
    static func allocate(_ count: Int) throws(GitError) -> UnsafeMutablePointer<UInt8> {
        guard let raw = malloc(max(count, 1)) else { throw FileSystem.failure("allocate memory") }
        return raw.bindMemory(to: UInt8.self, capacity: max(count, 1))
    }

    /// A copy of `count` bytes, to be freed by whoever gets it.
    static func copy(
        _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int
    ) throws(GitError) -> UnsafeMutablePointer<UInt8> {
        let copy = try allocate(count)
        copy.update(from: bytes, count: count)
        return copy
    }
}
