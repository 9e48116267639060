import TestKit

/// The client's end of a websocket (RFC 6455) for short messages.
struct WebSocket {
    private let stream: TCPStream

    /// Opens one to a host by way of nginx.
    ///
    /// - Returns: nil when it is refused.
    init?(_ port: Int, host: String) {
        guard let stream = TCPStream.connect(to: port) else { return nil }
        stream.write(
            "GET /talk HTTP/1.1\r\nHost: \(host)\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        let head = stream.read(until: "\r\n\r\n")
        // The accept value that RFC 6455 §1.3 gives for this key.
        guard head.hasPrefix("HTTP/1.1 101 "), head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") else { return nil }
        self.stream = stream
    }

    /// Sends a message of at most 125 bytes, and waits for what comes back.
    ///
    /// - Returns: nil when the connection has ended.
    func exchange(_ message: String) -> String? {
        let (text, mask) = (Array(message.utf8), [0x1d, 0x2c, 0x3b, 0x4a] as [UInt8])
        let masked = text.enumerated().map { $1 ^ mask[$0 % 4] }
        stream.write([0x81, 0x80 | UInt8(text.count)] + mask + masked)
        guard let head = read(2), head[0] == 0x81, let answer = read(Int(head[1])) else { return nil }
        return String(decoding: answer, as: UTF8.self)
    }

    private func read(_ count: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let more = stream.bytes(count - bytes.count)
            if more.isEmpty { return nil }
            bytes += more
        }
        return bytes
    }
}
