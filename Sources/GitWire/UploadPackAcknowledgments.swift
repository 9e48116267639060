/// The answers to the haves of a client of version 0 or 1 (`upload-pack.c`, "get_common_commits").
package struct UploadPackAcknowledgments: Sendable {
    private let mode: UploadPackRequest.Acknowledgment
    private var last: ObjectID?
    private var isCommonSinceFlush = false
    private var isOtherSinceFlush = false

    /// Answers in the form that the client asked for.
    package init(_ mode: UploadPackRequest.Acknowledgment) { self.mode = mode }

    /// The answer to `have`; empty when there is none.
    ///
    /// - Parameters:
    ///   - isCommon: whether we have that object too.
    ///   - isReady: whether enough is common to begin with the pack. Asked only if the answer depends on it.
    package mutating func have(
        _ id: ObjectID, isCommon: Bool, isReady: () async throws -> Bool
    ) async throws -> [UInt8] {
        guard isCommon else {
            isOtherSinceFlush = true
            guard mode != .first, try await isReady() else { return [] }
            return Self.line("ACK \(id) \(mode == .detailed ? "ready" : "continue")")
        }
        isCommonSinceFlush = true
        let isFirst = last == nil
        last = id
        switch mode {
        case .first: return isFirst ? Self.line("ACK \(id)") : []
        case .each: return Self.line("ACK \(id) continue")
        case .detailed: return Self.line("ACK \(id) common")
        }
    }

    /// The answer to a flush; empty when there is none.
    package mutating func flush(isReady: () async throws -> Bool) async throws -> [UInt8] {
        defer {
            isCommonSinceFlush = false
            isOtherSinceFlush = false
        }
        var answer: [UInt8] = []
        if mode == .detailed, isCommonSinceFlush, !isOtherSinceFlush, let last, try await isReady() {
            answer = Self.line("ACK \(last) ready")
        }
        return last == nil || mode != .first ? answer + Self.line("NAK") : answer
    }

    /// The answer to `done`, after which comes the pack; empty when there is none.
    package func done() -> [UInt8] {
        guard let last else { return Self.line("NAK") }
        return mode == .first ? [] : Self.line("ACK \(last)")
    }

    private static func line(_ text: String) -> [UInt8] {
        var writer = PacketWriter()
        writer.line(text)
        return writer.bytes
    }
}
