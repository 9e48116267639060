/// Two-way bytes with a client: an SSH channel, standard input and output, or memory in a test.
package protocol Conversation: Sendable {
    /// The next bytes from the client; empty once it has sent all. Throws when the client is gone.
    func read() async throws -> [UInt8]
    /// Sends bytes as output; suspends while the client takes none. Throws when the client is gone.
    func write(_ bytes: [UInt8]) async throws
    /// Sends bytes as diagnostics. Throws when the client is gone.
    func writeError(_ bytes: [UInt8]) async throws
}

extension Conversation {
    /// Sends text and a line feed as output.
    package func print(_ text: String) async throws { try await write(Array((text + "\n").utf8)) }

    /// Sends text and a line feed as diagnostics.
    package func printError(_ text: String) async throws { try await writeError(Array((text + "\n").utf8)) }

    /// Everything the client sends until its end, at most `limit` bytes.
    ///
    /// - Throws: `Refusal` beyond the limit.
    package func readAll(limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while case let chunk = try await read(), !chunk.isEmpty {
            bytes += chunk
            guard bytes.count <= limit else { throw Refusal("standard input is longer than \(limit) bytes") }
        }
        return bytes
    }
}
