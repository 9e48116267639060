import CZlib

/// One zlib stream after another, inflated only to find where each ends and what its first bytes are.
final class Inflater {
    /// Where one call of `inflate` left the stream.
    enum Progress {
        /// All input is used up; the stream goes on.
        case needsMore
        /// The stream has ended.
        case ended
        /// The stream gave more bytes than it may.
        case tooLong
        /// The stream is broken; zlib's code.
        case broken(Int32)
    }

    /// Bytes inflated from the current stream so far.
    private(set) var count = 0
    /// The first bytes of the current stream, at most 20: enough for the two sizes that open a delta.
    private(set) var head: [UInt8] = []

    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let output = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 << 10)

    init() throws(GitError) {
        stream.initialize(to: z_stream())
        let code = inflateInit_(stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard code == Z_OK else {
            throw GitError(operation: "start zlib", reason: "inflateInit returned \(code)", code: code)
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        output.deallocate()
    }

    /// Begins a new stream.
    func reset() {
        inflateReset(stream)
        count = 0
        head.removeAll(keepingCapacity: true)
    }

    /// Inflates from `input`, starting at `position`, which moves past the bytes used. Stops early once the
    /// stream has given more than `limit` bytes.
    func inflate(_ input: UnsafeBufferPointer<UInt8>, at position: inout Int, limit: Int) -> Progress {
        let start = position
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress! + start)
        stream.pointee.avail_in = UInt32(input.count - start)
        while true {
            stream.pointee.next_out = output.baseAddress
            stream.pointee.avail_out = UInt32(output.count)
            let code = CZlib.inflate(stream, Z_NO_FLUSH)
            take(output.count - Int(stream.pointee.avail_out))
            position = input.count - Int(stream.pointee.avail_in)
            if count > limit { return .tooLong }
            switch code {
            case Z_STREAM_END: return .ended
            case Z_OK where stream.pointee.avail_out == 0: continue
            case Z_OK, Z_BUF_ERROR: return .needsMore
            default: return .broken(code)
            }
        }
    }

    private func take(_ produced: Int) {
        if head.count < 20 && produced > 0 {
            head.append(contentsOf: output[..<min(produced, 20 - head.count)])
        }
        count += produced
    }
}
