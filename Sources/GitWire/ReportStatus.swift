/// What became of a push: whether the pack was taken, and each command (`gitprotocol-pack`, "Report Status").
package struct ReportStatus: Sendable {
    /// The form of a report.
    package enum Version: Sendable {
        /// `report-status`: ok or not, and why not.
        case v1
        /// `report-status-v2`: besides, what was done where it is not what was asked.
        case v2
    }

    /// What became of a command.
    package enum Outcome: Hashable, Sendable {
        case ok
        /// The reason in a few words, git's own where git has some.
        case rejected(String)
    }

    /// What was done for a command where it is not what was asked; nil where it is.
    package struct Rewrite: Hashable, Sendable {
        /// The reference that was changed instead.
        package var name: ReferenceName?
        /// Where it was.
        package var old: ObjectID?
        /// Where it is now.
        package var new: ObjectID?
        /// Whether commits were left behind by the change.
        package var isForced = false

        /// What was asked.
        package init() {}
    }

    /// The answer to one command.
    package struct Result: Hashable, Sendable {
        fileprivate let name: [UInt8]
        fileprivate let outcome: Outcome
        fileprivate let rewrite: Rewrite

        /// - Parameters:
        ///   - name: the reference's name as the client sent it, since it looks for that.
        ///   - rewrite: told to clients that understand version 2, after `ok`.
        package init(name: [UInt8], outcome: Outcome, rewrite: Rewrite = Rewrite()) {
            self.name = name
            self.outcome = outcome
            self.rewrite = rewrite
        }
    }

    private let unpackError: String?
    private let results: [Result]

    /// - Parameters:
    ///   - unpackError: why the pack was not taken; nil when it was, or when there was none.
    ///   - results: one for each command, in the order of the commands.
    package init(unpackError: String?, results: [Result]) {
        self.unpackError = unpackError
        self.results = results
    }

    /// The report in version 1, which every client understands that wants one.
    package var encoded: [UInt8] { encoded(for: .v1) }

    /// The report as packets with a flush at its end; goes into band 1 where there are bands.
    package func encoded(for version: Version) -> [UInt8] {
        var writer = PacketWriter()
        writer.line("unpack \(unpackError.map(Self.oneLine) ?? "ok")")
        for result in results {
            switch result.outcome {
            case .ok:
                writer.line(Array("ok ".utf8) + result.name)
                if version == .v2 { write(result.rewrite, to: &writer) }
            case .rejected(let reason):
                writer.line(Array("ng ".utf8) + result.name + Array(" \(Self.oneLine(reason))".utf8))
            }
        }
        writer.flush()
        return writer.bytes
    }

    private func write(_ rewrite: Rewrite, to writer: inout PacketWriter) {
        if let name = rewrite.name { writer.line("option refname \(name)") }
        if let old = rewrite.old { writer.line("option old-oid \(old)") }
        if let new = rewrite.new { writer.line("option new-oid \(new)") }
        if rewrite.isForced { writer.line("option forced-update") }
    }

    /// A line feed in a reason would read as the next line of the report.
    private static func oneLine(_ reason: String) -> String {
        ControlCharacters.escape(Array(reason.split(separator: "\n").joined(separator: "; ").utf8), limit: 1000)
    }
}
