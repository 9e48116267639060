/// A piece of a container's log as Docker keeps it: a line, or 16 KiB of a longer one.
struct LogMessage: Sendable, Equatable {
    let stream: ContainerLogLine.Stream
    /// When it came, in nanoseconds and 30 bytes, as `2006-01-02T15:04:05.123456789Z`.
    let time: [UInt8]
    /// With the line feed, where it ends a line.
    let bytes: [UInt8]
}

/// Takes the log of a container without a terminal apart as it comes: frames of a stream byte, three zeroes, the length
/// as 32 bits big-endian, and a message with its time (Docker Engine API, "Get container logs" with `timestamps`).
struct LogMessages {
    private var pending: [UInt8] = []

    /// The messages that end within `bytes`, the next piece of the whole.
    mutating func append(_ bytes: [UInt8]) -> [LogMessage] {
        pending += bytes
        var messages: [LogMessage] = []
        var start = 0
        while pending.count - start >= 8 {
            let length = pending[start + 4..<start + 8].reduce(0) { $0 << 8 | Int($1) }
            guard pending.count - start - 8 >= length else { break }
            if let stream = ContainerLogLine.Stream(rawValue: pending[start]) {
                let message = pending[start + 8..<start + 8 + length]
                let time = message.prefix { $0 != UInt8(ascii: " ") }
                messages.append(
                    LogMessage(stream: stream, time: Array(time), bytes: Array(message.dropFirst(time.count + 1))))
            }
            start += 8 + length
        }
        pending.removeFirst(start)
        return messages
    }
}
