import Glibc

/// A file mapped into memory, to be read only. It stays readable when the file is removed, and needs no descriptor.
final class PackFileMap {
    let base: UnsafePointer<UInt8>
    /// Bytes of the file when it was mapped.
    let count: Int

    /// Maps the file at `path`; the error's code is `ENOENT` when there is none.
    init(_ path: String) throws(GitError) {
        let operation = "read '\(path)'"
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileSystem.failure(operation) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileSystem.failure(operation) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw GitError(operation: operation, reason: "it is not a file")
        }
        count = Int(status.st_size)
        guard let map = mmap(nil, max(count, 1), PROT_READ, MAP_PRIVATE, descriptor, 0), map != MAP_FAILED else {
            throw FileSystem.failure(operation)
        }
        base = UnsafePointer(map.assumingMemoryBound(to: UInt8.self))
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: base), max(count, 1)) }

    /// The four bytes at `position`, the most significant first; the caller answers for the bounds.
    @inline(__always)
    func word(at position: Int) -> UInt32 {
        UInt32(bigEndian: UnsafeRawPointer(base).loadUnaligned(fromByteOffset: position, as: UInt32.self))
    }
}
