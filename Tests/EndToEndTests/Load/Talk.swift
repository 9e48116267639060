import Glibc
import Synchronization
import TestKit

/// A websocket to an app, with a message each moment; opened again when it was closed.
final class Talk: Sendable {
    private struct Tally {
        var messages = 0
        var failures: [String] = []
        var lives: [Duration] = []
    }

    private static let pause: UInt32 = 20_000

    private let port: Int
    private let host: String
    private let tally = Mutex(Tally())

    init(_ server: TestServer, app: String) {
        port = server.httpPort
        host = "\(app).localhost"
    }

    /// How many messages came back.
    var messages: Int { tally.withLock { $0.messages } }

    /// Websockets that could not be opened, and wrong answers.
    var failures: [String] { tally.withLock { $0.failures } }

    /// For how long each of those lasted that the server closed.
    var lives: [Duration] { tally.withLock { $0.lives } }

    /// Talks until `isOver` says so, and blocks.
    func loop(until isOver: () -> Bool) {
        while !isOver() {
            let clock = ContinuousClock()
            let begin = clock.now
            guard let socket = WebSocket(port, host: host) else {
                tally.withLock { $0.failures.append("no websocket") }
                continue
            }
            talk(over: socket, until: isOver)
            if !isOver() { tally.withLock { $0.lives.append(clock.now - begin) } }
        }
    }

    private func talk(over socket: WebSocket, until isOver: () -> Bool) {
        var number = 0
        while !isOver(), let answer = socket.exchange("message \(number)") {
            tally.withLock {
                if answer == "message \(number)" { $0.messages += 1 } else { $0.failures.append(answer) }
            }
            number += 1
            usleep(Self.pause)
        }
    }
}
