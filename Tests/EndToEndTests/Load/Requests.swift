import Foundation
import Glibc
import Synchronization
import TestKit
import Threads

/// Requests to an app, one after the other, while something else goes on.
final class Requests: Sendable {
    /// How they are made.
    enum Manner: Sendable {
        /// Each on a connection of its own.
        case alone
        /// On a connection that is kept for as long as the server keeps it.
        case kept
    }

    private struct Tally {
        var count = 0
        var failures: [String] = []
        var connections = 0
    }

    /// From an answer to the next request, in microseconds: the machine has something else to do as well.
    private static let pause: UInt32 = 4000

    private let port: Int
    private let host: String
    private let manner: Manner
    private let tally = Mutex(Tally())

    init(_ server: TestServer, app: String, _ manner: Manner = .alone) {
        port = server.httpPort
        host = "\(app).localhost"
        self.manner = manner
    }

    /// How many were answered with 200.
    var count: Int { tally.withLock { $0.count } }

    /// What went wrong with the others.
    var failures: [String] { tally.withLock { $0.failures } }

    /// On how many connections they were made.
    var connections: Int { tally.withLock { $0.connections } }

    /// Makes requests from two threads as long as `body` runs.
    func during(_ body: () async throws -> Void) async throws {
        try await Loops.run([loop, loop], during: body)
    }

    /// Makes requests until `isOver` says so, and blocks.
    func loop(until isOver: () -> Bool) {
        var connection: HTTPConnection?
        while !isOver() {
            let answer = request(on: &connection)
            tally.withLock {
                answer.hasPrefix("HTTP/1.1 200") ? $0.count += 1 : $0.failures.append(String(answer.prefix(80)))
            }
            usleep(Self.pause)
        }
    }

    /// A connection that was kept may have been closed by the time it is used again: then the request is made once more
    /// on a new one (RFC 9110 §9.2.2), as every browser does.
    private func request(on connection: inout HTTPConnection?) -> String {
        if let kept = connection, let answer = kept.get(host, isKept: true) {
            connection = answer.isLast ? nil : kept
            return answer.text
        }
        connection = HTTPConnection(port)
        tally.withLock { $0.connections += 1 }
        guard let new = connection else { return "no connection" }
        guard let answer = new.get(host, isKept: manner == .kept) else { return "no answer" }
        if answer.isLast || manner == .alone { connection = nil }
        return answer.text
    }
}
