/// The sections of the answer to the command `fetch` (`gitprotocol-v2`, "fetch"), and what they have in common with
/// version 0.
package enum FetchResponse {
    /// The section `acknowledgments` with what follows it: another section if the pack comes now, the end otherwise.
    ///
    /// - Parameter isReady: whether enough is common to begin with the pack.
    package static func acknowledgments(common: [ObjectID], isReady: Bool) -> [UInt8] {
        var writer = PacketWriter()
        writer.line("acknowledgments")
        if common.isEmpty { writer.line("NAK") }
        for id in common { writer.line("ACK \(id)") }
        if isReady {
            writer.line("ready")
            writer.delimiter()
        } else {
            writer.flush()
        }
        return writer.bytes
    }

    /// The section `shallow-info`, with the delimiter after it.
    package static func shallowInfo(shallow: [ObjectID], unshallow: [ObjectID]) -> [UInt8] {
        var writer = PacketWriter()
        writer.line("shallow-info")
        write(shallow, unshallow, to: &writer)
        writer.delimiter()
        return writer.bytes
    }

    /// The line that opens the section `packfile`; packets of bands follow.
    package static let packfile: [UInt8] = {
        var writer = PacketWriter()
        writer.line("packfile")
        return writer.bytes
    }()

    /// Where the history of a client of version 0 ends from now on, and where no longer (`gitprotocol-pack`,
    /// "shallow-update").
    package static func shallowUpdate(shallow: [ObjectID], unshallow: [ObjectID]) -> [UInt8] {
        var writer = PacketWriter()
        write(shallow, unshallow, to: &writer)
        writer.flush()
        return writer.bytes
    }

    private static func write(_ shallow: [ObjectID], _ unshallow: [ObjectID], to writer: inout PacketWriter) {
        // Without line feeds, as git sends them: some clients compare the whole packet.
        for id in shallow { writer.data(Array("shallow \(id)".utf8)) }
        for id in unshallow { writer.data(Array("unshallow \(id)".utf8)) }
    }
}
