import CLibDeflate

/// Inflates whole zlib streams whose size is known.
final class PackFileInflater {
    private let decompressor: OpaquePointer

    init() throws(GitError) {
        guard let decompressor = libdeflate_alloc_decompressor() else {
            throw GitError(operation: "start libdeflate", reason: "out of memory")
        }
        self.decompressor = decompressor
    }

    deinit { libdeflate_free_decompressor(decompressor) }

    /// Inflates the stream at `input`, which ends within `limit` bytes, to the `size` bytes at `output`; returns the
    /// length of the stream, or nil if it is broken, or gives more or fewer bytes.
    func inflate(
        _ input: UnsafePointer<UInt8>, limit: Int, to output: UnsafeMutablePointer<UInt8>, size: Int
    ) -> Int? {
        var used = 0
        let result = libdeflate_zlib_decompress_ex(decompressor, input, limit, output, size, &used, nil)
        return result == LIBDEFLATE_SUCCESS ? used : nil
    }
}
