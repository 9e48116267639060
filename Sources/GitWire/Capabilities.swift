/// What a client says it can do and wants: words, some with a value (`gitprotocol-capabilities`).
package struct Capabilities: Hashable, Sendable {
    private var values: [String: String] = [:]

    /// No capabilities.
    package init() {}

    /// The words in `list`, which is what follows the NUL of a command, with a space in front or without.
    package init(parsing list: some Collection<UInt8>) {
        add(list)
    }

    /// Adds the words in `list`. A value that is there already stays.
    mutating func add(_ list: some Collection<UInt8>) {
        for word in list.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0 }) {
            let parts = word.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(decoding: parts[0], as: UTF8.self)
            let value = parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : ""
            values[name] = values[name] ?? value
        }
    }

    /// Whether `name` is among the words, alone or with a value.
    package func contains(_ name: String) -> Bool { values[name] != nil }

    /// The value of `name` as it was sent; empty for a word without one, nil for a word that is not there.
    package func value(of name: String) -> String? { values[name] }

    /// What the client calls itself, fit for a log: printable ASCII, at most 128 bytes; nil when it does not say.
    package var agent: String? { sanitisedValue(of: "agent") }

    /// What the client calls this session, fit for a log: printable ASCII, at most 128 bytes; nil when it does not say.
    package var sessionID: String? { sanitisedValue(of: "session-id") }

    /// The form of report that the client wants; nil when it wants none.
    package var reportVersion: ReportStatus.Version? {
        if contains("report-status-v2") { return .v2 }
        return contains("report-status") ? .v1 : nil
    }

    /// As git's `redact_non_printables`: what is not printable becomes a dot.
    private func sanitisedValue(of name: String) -> String? {
        guard let value = values[name], !value.isEmpty else { return nil }
        let visible = value.utf8.prefix(128).map { (0x21...0x7E).contains($0) ? $0 : UInt8(ascii: ".") }
        return String(decoding: visible, as: UTF8.self)
    }
}
