/// Puts packets one after the other.
package struct PacketWriter: Sendable {
    /// The packets written so far.
    package private(set) var bytes: [UInt8] = []

    /// A writer that has written nothing.
    package init() {}

    /// Adds one packet with `payload`; several when it is longer than 65,516 bytes.
    package mutating func data(_ payload: some Collection<UInt8>) {
        var rest = payload[...]
        repeat {
            let piece = rest.prefix(PacketLine.maximumPayload)
            bytes += PacketLine.header(piece.count + 4)
            bytes += piece
            rest = rest.dropFirst(piece.count)
        } while !rest.isEmpty
    }

    /// Adds one packet with `text` and a line feed. What does not fit into a packet is cut off.
    package mutating func line(_ text: some Collection<UInt8>) {
        let text = text.prefix(PacketLine.maximumPayload - 1)
        bytes += PacketLine.header(text.count + 5)
        bytes += text
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Adds one packet with `text` and a line feed. What does not fit into a packet is cut off.
    package mutating func line(_ text: String) { line(text.utf8) }

    /// Adds one packet with what `body` appends to the bytes, at most 65,516 of them: without copies, for many packets.
    mutating func packet(_ body: (inout [UInt8]) -> Void) {
        let start = bytes.count
        bytes += PacketLine.flush.encoded
        body(&bytes)
        let length = bytes.count - start
        for (index, digit) in PacketLine.header(length).enumerated() { bytes[start + index] = digit }
    }

    /// Adds a delimiter packet; protocol version 2 only.
    package mutating func delimiter() { bytes += PacketLine.delimiter.encoded }

    /// Adds a flush packet.
    package mutating func flush() { bytes += PacketLine.flush.encoded }
}
