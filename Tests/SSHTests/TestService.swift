import SSH
import Synchronization

/// A service for tests: names by key, and a closure that serves.
struct TestService: SSHService {
    typealias Serve = @Sendable (Channel, String) async -> Int32

    /// Why a lookup cannot be done.
    struct Unavailable: Error, CustomStringConvertible { let description: String }

    let names: [[UInt8]: String]
    var unavailable: String?
    let record = Record()
    let handler: Serve

    func identify(_ key: OfferedKey, user: String, from peer: Peer) async throws -> String? {
        record.note(lookup: names[key.blob] ?? "?")
        if let unavailable { throw Unavailable(description: unavailable) }
        return names[key.blob]
    }

    func serve(_ channel: Channel, as identity: String, key: OfferedKey, from peer: Peer) async -> Int32 {
        record.note(peer)
        return await handler(channel, identity)
    }

    /// What the server has asked of the service.
    final class Record: Sendable {
        private let state = Mutex<(lookups: [String], peers: Set<Peer>)>(([], []))

        /// The owners of the keys looked up, in order; "?" for nobody.
        var lookups: [String] { state.withLock { $0.lookups } }
        /// Where channels came from: one for each connection.
        var peers: Set<Peer> { state.withLock { $0.peers } }

        func note(lookup: String) { state.withLock { $0.lookups.append(lookup) } }
        func note(_ peer: Peer) { state.withLock { _ = $0.peers.insert(peer) } }
    }
}

/// An event that happens once, for a test to wait for.
final class Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func fire() { continuation.finish() }

    func wait() async { for await _ in stream {} }
}

extension Channel {
    /// Everything the client sends until its end of file.
    func readAll() async throws(SSHError) -> [UInt8] {
        var all: [UInt8] = []
        while case let bytes = try await read(), !bytes.isEmpty { all += bytes }
        return all
    }

    func write(_ text: String) async throws(SSHError) { try await write(Array(text.utf8)) }

    var command: String {
        if case .exec(let command) = request { command } else { "(shell)" }
    }
}
