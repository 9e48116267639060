import Foundation
import Glibc
import Synchronization
import TestKit
import Threads

/// Requests to an app, one after the other, each on a connection of its own, while something else goes on.
final class Requests: Sendable {
    private struct Tally {
        var count = 0
        var failures: [String] = []
        var isOver = false
        var ended = 0
    }

    private let port: Int
    private let host: String
    private let tally = Mutex(Tally())

    init(_ server: TestServer, app: String) {
        port = server.httpPort
        host = "\(app).localhost"
    }

    /// How many were answered with 200.
    var count: Int { tally.withLock { $0.count } }

    /// What went wrong with the others.
    var failures: [String] { tally.withLock { $0.failures } }

    /// Makes requests from two threads as long as `body` runs.
    func during(_ body: () async throws -> Void) async throws {
        for _ in 0..<2 { startThread { self.loop() } }
        defer { tally.withLock { $0.isOver = true } }
        try await body()
        tally.withLock { $0.isOver = true }
        try await eventually("the last requests end") { self.tally.withLock { $0.ended == 2 } }
    }

    private func loop() {
        while !tally.withLock({ $0.isOver }) {
            let answer = request()
            tally.withLock {
                answer.hasPrefix("HTTP/1.1 200") ? $0.count += 1 : $0.failures.append(String(answer.prefix(80)))
            }
        }
        tally.withLock { $0.ended += 1 }
    }

    private func request() -> String {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { return "connect: \(String(cString: strerror(errno)))" }
        let text = Array("GET / HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n".utf8)
        guard send(descriptor, text, text.count, Int32(MSG_NOSIGNAL)) == text.count else { return "send failed" }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = recv(descriptor, &buffer, buffer.count, 0), count != 0 {
            guard count > 0 else { return "receive: \(String(cString: strerror(errno)))" }
            answer += buffer.prefix(count)
        }
        return String(decoding: answer, as: UTF8.self)
    }
}
