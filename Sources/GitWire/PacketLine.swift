/// A packet: four hexadecimal digits for its length, those included, and a payload
/// (`gitprotocol-common`, "pkt-line Format").
package enum PacketLine: Hashable, Sendable {
    /// A payload of 0 to 65,516 bytes.
    case data([UInt8])
    /// `0000`: the end of a list.
    case flush
    /// `0001`: between the sections of a message; protocol version 2 only.
    case delimiter
    /// `0002`: the end of a response over a stateless connection; protocol version 2 only.
    case responseEnd

    /// The most bytes in a packet, its length included.
    package static let maximumLength = 65520
    /// The most bytes in a packet after its length.
    package static let maximumPayload = 65516

    /// The packet as bytes. A payload that is too long goes into several packets.
    package var encoded: [UInt8] {
        switch self {
        case .data(let payload):
            var writer = PacketWriter()
            writer.data(payload)
            return writer.bytes
        case .flush: return Array("0000".utf8)
        case .delimiter: return Array("0001".utf8)
        case .responseEnd: return Array("0002".utf8)
        }
    }

    /// An `ERR` packet, which ends a conversation: the client prints `fatal: remote error: ` and `message`.
    package static func error(_ message: String) -> PacketLine {
        .data(Array("ERR \(message)".utf8.prefix(maximumPayload - 1)) + [UInt8(ascii: "\n")])
    }

    /// The length field of a packet that is `length` bytes long with it.
    static func header(_ length: Int) -> [UInt8] {
        [
            UInt8(length >> 12 & 15).hexDigit, UInt8(length >> 8 & 15).hexDigit,
            UInt8(length >> 4 & 15).hexDigit, UInt8(length & 15).hexDigit,
        ]
    }
}
