/// Takes the two streams of a program without a terminal apart as they come, without holding them: frames of a stream
/// byte, three zeroes, the length as 32 bits big-endian, and that many bytes (Docker Engine API, "Attach to a container").
struct StreamFrames {
    private var header: [UInt8] = []
    private var stream: ContainerLogLine.Stream?
    private var remaining = 0

    /// What of `bytes`, the next piece of the whole, belongs to which stream.
    mutating func append(_ bytes: [UInt8]) -> [(stream: ContainerLogLine.Stream, bytes: [UInt8])] {
        var pieces: [(stream: ContainerLogLine.Stream, bytes: [UInt8])] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            if remaining == 0 {
                let part = rest.prefix(8 - header.count)
                header += part
                rest = rest.dropFirst(part.count)
                if header.count == 8 { begin() }
            } else {
                let part = rest.prefix(remaining)
                if let stream { pieces.append((stream, Array(part))) }
                remaining -= part.count
                rest = rest.dropFirst(part.count)
            }
        }
        return pieces
    }

    private mutating func begin() {
        stream = ContainerLogLine.Stream(rawValue: header[0])
        remaining = header[4...].reduce(0) { $0 << 8 | Int($1) }
        header = []
    }
}
