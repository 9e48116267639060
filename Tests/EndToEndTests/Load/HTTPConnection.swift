import TestKit

/// A connection to nginx for requests, one after the other.
struct HTTPConnection {
    struct Answer {
        let text: String
        /// Whether there is none after it.
        let isLast: Bool
    }

    private let stream: TCPStream

    /// - Returns: nil when nobody takes it.
    init?(_ port: Int) {
        guard let stream = TCPStream.connect(to: port) else { return nil }
        self.stream = stream
    }

    /// Asks for the page of a host.
    ///
    /// - Returns: the whole answer, or what came of it; nil when it ended without any.
    func get(_ host: String, isKept: Bool) -> Answer? {
        stream.write("GET / HTTP/1.1\r\nHost: \(host)\r\n\(isKept ? "" : "Connection: close\r\n")\r\n")
        var text = stream.read(until: "\r\n\r\n")
        guard !text.isEmpty else { return nil }
        guard let end = text.firstRange(of: "\r\n\r\n"), let field = text.firstRange(of: "Content-Length: "),
            let length = Int(text[field.upperBound...].prefix { $0 != "\r\n" })
        else { return Answer(text: text + stream.readToEnd(), isLast: true) }
        var left = length - text[end.upperBound...].utf8.count
        while left > 0, case let more = stream.read(), !more.isEmpty {
            text += more
            left -= more.utf8.count
        }
        guard left == 0 else { return Answer(text: "cut off: \(text)", isLast: true) }
        return Answer(text: text, isLast: text.contains("\r\nConnection: close\r\n"))
    }
}
