/// Several streams in one: packets whose first byte says which stream the rest belongs to
/// (`gitprotocol-pack`, "side-band-64k").
package enum SideBand {
    /// A stream of a side-band conversation.
    package enum Band: UInt8, Sendable {
        /// What the conversation is about: the report of a push, the pack of a fetch.
        case data = 1
        /// Text for the person at the other end; each line is shown after `remote: `.
        case progress = 2
        /// The reason why the conversation ends here; the client reads nothing after it.
        case error = 3
    }

    /// How long packets may be.
    package enum Size: Int, Sendable {
        /// `side-band`: 1000 bytes.
        case small = 1000
        /// `side-band-64k`: 65,520 bytes.
        case large = 65520

        /// The most bytes of a stream in one packet, without the length and the band.
        var payload: Int { rawValue - 5 }
    }

    /// The most bytes of a stream in one packet.
    package static let maximumPayload = 65515

    /// An empty packet, which says only that the server is still there (`receive.keepAlive`).
    package static let keepalive = Array("0005\u{1}".utf8)

    /// `bytes` in as many packets as they need, none if there are none.
    package static func encode(_ bytes: [UInt8], band: Band, size: Size = .large) -> [UInt8] {
        var packets: [UInt8] = []
        packets.reserveCapacity(bytes.count + (bytes.count / size.payload + 1) * 5)
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(size.payload)
            packets += PacketLine.header(piece.count + 5)
            packets.append(band.rawValue)
            packets += piece
            rest = rest.dropFirst(piece.count)
        }
        return packets
    }
}
