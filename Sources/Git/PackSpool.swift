import Glibc

/// The file of a pack in quarantine while it is written: in large pieces, and mapped into memory once it is complete.
/// A pack that fits into one piece is never mapped.
final class PackSpool {
    private static let pieceSize = 256 << 10

    private let path: String
    private let descriptor: Int32
    private let piece = UnsafeMutableRawPointer.allocate(byteCount: PackSpool.pieceSize, alignment: 64)
    private var filled = 0
    private var written = 0
    private var map: UnsafeMutableRawBufferPointer?

    /// Creates the file at `path`.
    init(path: String) throws(GitError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o444)
        guard descriptor >= 0 else {
            let failure = FileSystem.failure("create '\(path)'")
            piece.deallocate()
            throw failure
        }
    }

    deinit {
        unmap()
        piece.deallocate()
        close(descriptor)
    }

    /// The number of bytes.
    var count: Int { written + filled }

    func append(_ bytes: UnsafeRawBufferPointer) throws(GitError) {
        var rest = bytes
        while !rest.isEmpty {
            if filled == Self.pieceSize { try flush() }
            let part = min(rest.count, Self.pieceSize - filled)
            (piece + filled).copyMemory(from: rest.baseAddress!, byteCount: part)
            filled += part
            rest = UnsafeRawBufferPointer(rebasing: rest[part...])
        }
    }

    /// All bytes, valid until the next change.
    func contents() throws(GitError) -> UnsafeRawBufferPointer {
        if written == 0 { return UnsafeRawBufferPointer(start: piece, count: filled) }
        try flush()
        if map?.count != written {
            unmap()
            let raw = mmap(nil, written, PROT_READ, MAP_SHARED, descriptor, 0)
            guard let raw, raw != MAP_FAILED else { throw FileSystem.failure("read '\(path)'") }
            map = UnsafeMutableRawBufferPointer(start: raw, count: written)
        }
        return UnsafeRawBufferPointer(map!)
    }

    /// Takes away what follows the first `count` bytes.
    func truncate(to count: Int) throws(GitError) {
        try flush()
        unmap()
        guard ftruncate(descriptor, count) == 0, lseek(descriptor, count, SEEK_SET) == count else {
            throw FileSystem.failure("write '\(path)'")
        }
        written = count
    }

    /// Writes `bytes` over those at `offset`.
    func overwrite(at offset: Int, _ bytes: [UInt8]) throws(GitError) {
        try flush()
        guard pwrite(descriptor, bytes, bytes.count, offset) == bytes.count else {
            throw FileSystem.failure("write '\(path)'")
        }
    }

    /// Writes out what is held.
    func flush() throws(GitError) {
        guard filled > 0 else { return }
        try FileSystem.write(
            UnsafeBufferPointer(start: piece.assumingMemoryBound(to: UInt8.self), count: filled), to: descriptor,
            path: path)
        written += filled
        filled = 0
    }

    private func unmap() {
        if let map { munmap(map.baseAddress!, map.count) }
        map = nil
    }
}
