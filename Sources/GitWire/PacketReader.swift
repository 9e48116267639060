/// Takes packets out of bytes that arrive in pieces of any size.
package struct PacketReader: Sendable {
    private var buffer: [UInt8] = []
    private var position = 0
    private let allowsVersion2: Bool

    /// - Parameter allowsVersion2: whether the packets `0001` and `0002` exist, as they do in protocol version 2.
    package init(allowsVersion2: Bool = false) { self.allowsVersion2 = allowsVersion2 }

    /// Adds bytes that arrived.
    package mutating func append(_ bytes: [UInt8]) {
        if position == buffer.count {
            buffer = bytes
            position = 0
            return
        }
        // What was read is let go once it is the larger part, so that a byte moves at most once on average.
        if position > buffer.count / 2 {
            buffer.removeFirst(position)
            position = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next packet; nil when it needs more bytes.
    ///
    /// - Throws: `WireError` for a length that is none, and then at every further call.
    package mutating func next() throws(WireError) -> PacketLine? {
        guard buffer.count - position >= 4 else { return nil }
        let length = try length(of: buffer[position..<position + 4])
        switch length {
        case 0: return take(4, as: .flush)
        case 1: return take(4, as: .delimiter)
        case 2: return take(4, as: .responseEnd)
        default:
            guard buffer.count - position >= length else { return nil }
            return take(length, as: .data(Array(buffer[position + 4..<position + length])))
        }
    }

    /// The bytes after the last packet, which the reader then forgets: the start of a pack.
    package mutating func takeRest() -> [UInt8] {
        defer {
            buffer = []
            position = 0
        }
        return position == 0 ? buffer : Array(buffer[position...])
    }

    /// Whether, after `next` gave nil, the input would end in the middle of a packet if it ended now.
    package var isMidPacket: Bool { position < buffer.count }

    private mutating func take(_ length: Int, as packet: PacketLine) -> PacketLine {
        position += length
        return packet
    }

    private func length(of header: ArraySlice<UInt8>) throws(WireError) -> Int {
        var length = 0
        for byte in header {
            guard let digit = byte.hexValue else {
                throw .unexpected("protocol error: bad line length character:", header)
            }
            length = length << 4 | Int(digit)
        }
        let isKnown = length == 0 || length >= 4 || allowsVersion2 && length != 3
        guard isKnown, length <= PacketLine.maximumLength else {
            throw WireError("protocol error: bad line length \(length)")
        }
        return length
    }
}
