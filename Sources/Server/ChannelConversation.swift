import Platform
import SSH

/// A conversation over an SSH channel.
struct ChannelConversation: Conversation {
    private let channel: Channel
    /// A client with a terminal has it in raw mode: a line feed alone would not go back to the line's start.
    private let translatesLineFeeds: Bool

    /// - Parameter isText: whether what is said is text for people rather than git's protocol.
    init(_ channel: Channel, isText: Bool) {
        self.channel = channel
        translatesLineFeeds = isText && channel.hasTerminal
    }

    func read() async throws -> [UInt8] { try await channel.read() }
    func write(_ bytes: [UInt8]) async throws { try await channel.write(translated(bytes)) }
    func writeError(_ bytes: [UInt8]) async throws { try await channel.writeError(translated(bytes)) }

    private func translated(_ bytes: [UInt8]) -> [UInt8] {
        guard translatesLineFeeds else { return bytes }
        return bytes.flatMap { $0 == UInt8(ascii: "\n") ? [UInt8(ascii: "\r"), $0] : [$0] }
    }
}
