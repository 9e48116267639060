/// What `git-receive-pack` says first: the references there are, and what it can do
/// (`gitprotocol-pack`, "Reference Discovery").
package struct ReferenceAdvertisement: Sendable {
    private let references: [(name: ReferenceName, target: ObjectID)]
    private let capabilities: String

    /// - Parameters:
    ///   - references: in any order; those that are hidden are left out.
    ///   - agent: what the server calls itself, such as `martlet/0.1`; without spaces.
    package init(references: [(ReferenceName, ObjectID)], agent: String) {
        self.references = references.filter { !$0.0.isHidden }.sorted { $0.0 < $1.0 }.map { (name: $0.0, target: $0.1) }
        capabilities =
            "report-status report-status-v2 delete-refs quiet atomic ofs-delta side-band-64k push-options "
            + "object-format=sha1 agent=\(agent) no-thin"
    }

    /// The advertisement as bytes. There is no push in version 2: it reads like version 0.
    package func encoded(for version: ProtocolVersion) -> [UInt8] {
        var writer = PacketWriter()
        if version == .v1 { writer.line("version 1") }
        if references.isEmpty { writer.line("\(ObjectID.zero) capabilities^{}\0\(capabilities)") }
        for (index, reference) in references.enumerated() {
            writer.line("\(reference.target) \(reference.name)\(index == 0 ? "\0" + capabilities : "")")
        }
        writer.flush()
        return writer.bytes
    }
}
