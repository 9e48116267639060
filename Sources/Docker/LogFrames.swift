/// Takes apart the two streams in the log of a container without a terminal: frames of a stream byte, three zeroes,
/// the length as 32 bits big-endian, and that many bytes (Docker Engine API, "Attach to a container").
struct LogFrames {
    private var pending: [UInt8] = []
    private var partial: [ContainerLogLine.Stream: [UInt8]] = [:]
    private var lines: [ContainerLogLine] = []

    /// Takes more of the log, cut anywhere.
    mutating func append(_ bytes: [UInt8]) {
        pending += bytes
        var start = 0
        while pending.count - start >= 8 {
            let length = pending[start + 4..<start + 8].reduce(0) { $0 << 8 | Int($1) }
            guard pending.count - start - 8 >= length else { break }
            if let stream = ContainerLogLine.Stream(rawValue: pending[start]) {
                add(pending[start + 8..<start + 8 + length], to: stream)
            }
            start += 8 + length
        }
        pending.removeFirst(start)
    }

    /// The lines so far; those without a line feed come last.
    mutating func finish() -> [ContainerLogLine] {
        for stream in [ContainerLogLine.Stream.output, .error] {
            if let rest = partial.removeValue(forKey: stream), !rest.isEmpty { end(rest, on: stream) }
        }
        defer { lines = [] }
        return lines
    }

    /// Docker cuts long lines into several frames, of which only the last ends with a line feed.
    private mutating func add(_ bytes: ArraySlice<UInt8>, to stream: ContainerLogLine.Stream) {
        var line = partial[stream] ?? []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                end(line, on: stream)
                line = []
            } else {
                line.append(byte)
            }
        }
        partial[stream] = line
    }

    private mutating func end(_ line: [UInt8], on stream: ContainerLogLine.Stream) {
        lines.append(ContainerLogLine(stream: stream, text: String(decoding: line, as: UTF8.self)))
    }
}
