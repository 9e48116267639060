import Foundation
import Glibc
import TestKit
import Threads

/// Serves the files of a folder by plain HTTP, whatever the host.
final class Webroot: Sendable {
    let path: String
    let port: Int
    private let descriptor: Int32

    init(_ path: String) throws {
        guard let (descriptor, port) = TCPStream.listen() else { throw CancellationError() }
        self.path = path
        self.port = port
        self.descriptor = descriptor
        startThread {
            while case let accepted = accept(descriptor, nil, nil), accepted >= 0 {
                startThread { Self.serve(TCPStream(accepted), path) }
            }
            close(descriptor)
        }
    }

    func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    private static func serve(_ stream: TCPStream, _ path: String) {
        let words = stream.read(until: "\r\n\r\n").split(separator: " ")
        let body = words.count > 1 ? try? String(contentsOfFile: path + words[1], encoding: .utf8) : nil
        let status = body == nil ? "404 Not Found" : "200 OK"
        let text = body ?? "not found"
        stream.write("HTTP/1.1 \(status)\r\nContent-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n\(text)")
    }
}
