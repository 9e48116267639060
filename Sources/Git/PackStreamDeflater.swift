import CLibDeflate

/// Makes zlib streams.
final class PackStreamDeflater {
    private let compressor: OpaquePointer

    init() throws(GitError) {
        guard let compressor = libdeflate_alloc_compressor(6) else {
            throw GitError(operation: "start libdeflate", reason: "out of memory")
        }
        self.compressor = compressor
    }

    deinit { libdeflate_free_compressor(compressor) }

    /// The zlib stream of `bytes`.
    func deflate(_ bytes: UnsafeBufferPointer<UInt8>) throws(GitError) -> ObjectContent {
        let bound = libdeflate_zlib_compress_bound(compressor, bytes.count)
        let output = try ObjectContent(count: bound)
        let count = libdeflate_zlib_compress(compressor, bytes.baseAddress, bytes.count, output.base, bound)
        guard count > 0 else { throw GitError(operation: "compress an object", reason: "libdeflate gave nothing") }
        return output.shortened(to: count)
    }
}
