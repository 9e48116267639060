/// What a server can do in version 2 of the protocol (`gitprotocol-v2`, "Capability Advertisement").
package enum V2Capabilities {
    /// A command that a client may ask for.
    enum Command: String {
        case lsRefs = "ls-refs"
        case fetch
    }

    /// The advertisement, which opens the conversation.
    ///
    /// - Parameter agent: what the server calls itself, such as `martlet/0.1`; without spaces.
    package static func advertisement(agent: String) -> [UInt8] {
        var writer = PacketWriter()
        writer.line("version 2")
        writer.line("agent=\(agent)")
        writer.line("ls-refs=unborn")
        writer.line("fetch=shallow wait-for-done")
        writer.line("server-option")
        writer.line("object-format=sha1")
        writer.flush()
        return writer.bytes
    }

    /// The command in a line `command=NAME`; nil if the line is none.
    ///
    /// - Throws: `WireError`, in the words of git's `serve.c`, for a command that there is not or that is the second.
    static func command(_ line: ArraySlice<UInt8>, after former: Command?) throws(WireError) -> Command? {
        guard let name = line.after("command=") else { return nil }
        if let former {
            let shown = ControlCharacters.escape(name, limit: 200)
            throw WireError("command '\(shown)' requested after already requesting command '\(former.rawValue)'")
        }
        guard let command = Command(rawValue: String(decoding: name, as: UTF8.self)) else {
            throw .unexpected("invalid command", name)
        }
        return command
    }

    /// Checks a line in which the client names a capability.
    ///
    /// - Throws: `WireError`, in the words of git's `serve.c`, for one that was not advertised.
    static func check(_ line: ArraySlice<UInt8>) throws(WireError) {
        let name = line.prefix { $0 != UInt8(ascii: "=") }
        let value = line.dropFirst(name.count + 1)
        switch String(decoding: name, as: UTF8.self) {
        case "agent", "server-option": return
        case "object-format": try checkObjectFormat(name.count == line.count ? nil : value)
        default: throw .unexpected("unknown capability", line)
        }
    }

    private static func checkObjectFormat(_ format: ArraySlice<UInt8>?) throws(WireError) {
        guard let format else { throw WireError("object-format capability requires an argument") }
        switch String(decoding: format, as: UTF8.self) {
        case "sha1": return
        case "sha256": throw WireError("mismatched object format: server sha1; client sha256")
        default: throw .unexpected("unknown object format", format)
        }
    }
}
