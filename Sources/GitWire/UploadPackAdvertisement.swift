/// What `git-upload-pack` says first in version 0 and 1: the references there are, and what it can do
/// (`gitprotocol-pack`, "Reference Discovery").
package struct UploadPackAdvertisement: Sendable {
    private var writer = PacketWriter()
    private var capabilities: String?

    /// - Parameters:
    ///   - head: what `HEAD` points to, which comes first; nil while its branch does not exist.
    ///   - headBranch: the branch that `HEAD` names; nil if it names none.
    ///   - agent: what the server calls itself, such as `martlet/0.1`; without spaces.
    package init(version: ProtocolVersion, head: ObjectID?, headBranch: ReferenceName?, agent: String) {
        var words = [
            "multi_ack", "thin-pack", "side-band", "side-band-64k", "ofs-delta", "shallow", "deepen-since",
            "deepen-not", "deepen-relative", "no-progress", "include-tag", "multi_ack_detailed",
        ]
        if head != nil, let headBranch, !headBranch.isHidden { words.append("symref=HEAD:\(headBranch)") }
        capabilities = (words + ["object-format=sha1", "agent=\(agent)"]).joined(separator: " ")
        if version == .v1 { writer.line("version 1") }
        if let head { add("HEAD", head) }
    }

    /// Adds a reference. They come sorted; those that are hidden are left out.
    ///
    /// - Parameter peeled: what the reference leads to as an annotated tag; nil if it is none.
    package mutating func add(_ name: ReferenceName, _ target: ObjectID, peeled: ObjectID?) {
        guard !name.isHidden else { return }
        add(name.text, target)
        if let peeled { add(name.text, suffix: "^{}", peeled) }
    }

    /// The whole advertisement.
    package mutating func finish() -> [UInt8] {
        if capabilities != nil { add("capabilities^{}", .zero) }
        writer.flush()
        return writer.bytes
    }

    private mutating func add(_ name: String, suffix: StaticString = "", _ id: ObjectID) {
        writer.packet { [capabilities] bytes in
            id.appendHex(to: &bytes)
            bytes.append(UInt8(ascii: " "))
            bytes += name.utf8
            bytes += UnsafeBufferPointer(start: suffix.utf8Start, count: suffix.utf8CodeUnitCount)
            if let capabilities {
                bytes.append(0)
                bytes += capabilities.utf8
            }
            bytes.append(UInt8(ascii: "\n"))
        }
        capabilities = nil
    }
}
