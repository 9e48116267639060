import Glibc
import TestKit
import Threads

/// A process of an app: answers each request with its name and what it was asked. `/echo` becomes a websocket of sorts,
/// which sends back what it gets.
final class Backend: Sendable {
    let name: String
    let port: Int
    private let descriptor: Int32

    var address: String { "127.0.0.1:\(port)" }

    /// - Parameter answer: what it answers to a request, given its head; nil for the usual.
    init(_ name: String, answer: @escaping @Sendable (String) -> String? = { _ in nil }) throws {
        guard let (descriptor, port) = TCPStream.listen() else { throw CancellationError() }
        self.name = name
        self.port = port
        self.descriptor = descriptor
        startThread {
            while case let accepted = accept(descriptor, nil, nil), accepted >= 0 {
                startThread { Self.serve(TCPStream(accepted), name, answer) }
            }
            // Only here: its number may be another socket's as soon as it is closed.
            close(descriptor)
        }
    }

    /// Takes no more connections.
    func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    private static func serve(_ stream: TCPStream, _ name: String, _ answer: (String) -> String?) {
        let request = stream.read(until: "\r\n\r\n")
        if let words = answer(request) {
            stream.write(words)
        } else if request.hasPrefix("GET /echo ") {
            stream.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
            while case let text = stream.read(), !text.isEmpty { stream.write(text) }
        } else {
            readBody(of: request, stream)
            let body = "\(name)\n\(request)"
            stream.write("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)")
        }
    }

    private static func readBody(of request: String, _ stream: TCPStream) {
        guard let field = request.firstRange(of: "Content-Length: "), let end = request.firstRange(of: "\r\n\r\n"),
            let length = Int(request[field.upperBound...].prefix(while: \.isNumber))
        else { return }
        var left = length - request[end.upperBound...].utf8.count
        while left > 0, case let text = stream.read(), !text.isEmpty { left -= text.utf8.count }
    }
}
