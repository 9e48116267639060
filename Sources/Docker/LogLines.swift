/// Makes lines of the messages of a log, without holding more than a line of each stream.
struct LogLines: Sendable {
    /// Longer lines are cut, in bytes.
    static let longest = 64 << 10

    /// The message that came last; nil until there was one.
    private(set) var last: LogMessage?
    private var partial: [ContainerLogLine.Stream: [UInt8]] = [:]

    /// The line that ends with the next message; nil when it goes on.
    mutating func append(_ message: LogMessage) -> ContainerLogLine? {
        last = message
        var line = (partial.removeValue(forKey: message.stream) ?? []) + message.bytes
        guard line.last == UInt8(ascii: "\n") || line.count >= Self.longest else {
            partial[message.stream] = line
            return nil
        }
        if line.last == UInt8(ascii: "\n") { line.removeLast() }
        return ContainerLogLine(stream: message.stream, text: String(decoding: line, as: UTF8.self))
    }

    /// The last lines, which have no line feed.
    mutating func finish() -> [ContainerLogLine] {
        let rest = [ContainerLogLine.Stream.output, .error].compactMap { stream in
            partial[stream].map { ContainerLogLine(stream: stream, text: String(decoding: $0, as: UTF8.self)) }
        }
        partial = [:]
        return rest
    }
}
