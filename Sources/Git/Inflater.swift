import CLibDeflate
import CZlib
import Glibc

/// One zlib stream after another, as their bytes arrive. What comes out is hashed, and kept where that is asked for.
///
/// A stream that has arrived completely goes through libdeflate, which is faster; any other through zlib.
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

    private static let pieceSize = 64 << 10
    /// Beyond this the buffer is given back after use.
    private static let keptCapacity = 1 << 20

    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let decompressor = libdeflate_alloc_decompressor()
    private var buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: Inflater.pieceSize)
    private var capacity = Inflater.pieceSize
    private var size = 0
    private var keeps = false
    private var hasher: ObjectHasher?

    init() throws(GitError) {
        stream.initialize(to: z_stream())
        let code = inflateInit_(stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard code == Z_OK, decompressor != nil else {
            throw GitError(operation: "start zlib", reason: "inflateInit returned \(code)", code: code)
        }
    }

    deinit {
        inflateEnd(stream)
        libdeflate_free_decompressor(decompressor)
        stream.deallocate()
        buffer.deallocate()
    }

    /// All of the last stream, if it was to be kept; valid until the next begins.
    var content: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: buffer, count: count) }

    /// Begins a stream that has to give `size` bytes, which are added to `hasher`.
    func begin(size: Int, keeping keeps: Bool, hasher: ObjectHasher?) {
        self.size = size
        self.keeps = keeps
        self.hasher = hasher
        count = 0
        head.removeAll(keepingCapacity: true)
        // One byte more, for a stream that is too long to show it.
        if keeps {
            reserve(max(size + 1, Self.pieceSize))
        } else if capacity > Self.keptCapacity {
            reserve(Self.pieceSize)
        }
        isFresh = true
    }
    private var isFresh = true

    /// Inflates from `input`, starting at `position`, which moves past the bytes used. Stops early once the
    /// stream has given more bytes than it may.
    func inflate(_ input: UnsafeBufferPointer<UInt8>, at position: inout Int) -> Progress {
        if isFresh {
            if let progress = inflateWhole(input, at: &position) { return progress }
            inflateReset(stream)
            isFresh = false
        }
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress! + position)
        stream.pointee.avail_in = UInt32(input.count - position)
        while true {
            let start = keeps ? count : 0
            let room = keeps ? size + 1 - count : Self.pieceSize
            stream.pointee.next_out = buffer + start
            stream.pointee.avail_out = UInt32(room)
            let code = CZlib.inflate(stream, Z_NO_FLUSH)
            take(room - Int(stream.pointee.avail_out), at: start)
            position = input.count - Int(stream.pointee.avail_in)
            if count > size { return .tooLong }
            switch code {
            case Z_STREAM_END: return .ended
            case Z_OK where stream.pointee.avail_out == 0: continue
            case Z_OK, Z_BUF_ERROR: return .needsMore
            default: return .broken(code)
            }
        }
    }

    /// Inflates a stream that is likely to be in `input` completely, since even uncompressed it would be; nil when
    /// it is not, or broken: zlib tells which.
    private func inflateWhole(_ input: UnsafeBufferPointer<UInt8>, at position: inout Int) -> Progress? {
        let available = input.count - position
        guard size <= Self.keptCapacity, available >= size + size >> 8 + 32 else { return nil }
        if !keeps { reserve(max(size, Self.pieceSize)) }
        var used = 0
        var produced = 0
        let result = libdeflate_zlib_decompress_ex(
            decompressor, input.baseAddress! + position, available, buffer, size, &used, &produced)
        if result == LIBDEFLATE_INSUFFICIENT_SPACE { return .tooLong }
        guard result == LIBDEFLATE_SUCCESS else { return nil }
        position += used
        take(produced, at: 0)
        return .ended
    }

    private func take(_ produced: Int, at start: Int) {
        guard produced > 0 else { return }
        if let hasher {
            hasher.add(buffer + start, count: produced)
        } else if head.count < 20 {
            head.append(contentsOf: UnsafeBufferPointer(start: buffer + start, count: min(produced, 20 - head.count)))
        }
        count += produced
    }

    private func reserve(_ wanted: Int) {
        guard wanted > capacity || capacity > Self.keptCapacity else { return }
        buffer.deallocate()
        buffer = .allocate(capacity: wanted)
        capacity = wanted
    }
}
