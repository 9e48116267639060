import Platform
import Synchronization

/// A conversation whose client has said everything beforehand.
final class MemoryConversation: Conversation {
    private let input: Mutex<[[UInt8]]>
    private let sent = Mutex<[UInt8]>([])
    private let errors = Mutex<[UInt8]>([])

    /// - Parameter input: what the client sends, in pieces; its end follows.
    init(_ input: [[UInt8]]) { self.input = Mutex(input.filter { !$0.isEmpty }) }

    /// What the client got.
    var output: String { sent.withLock { String(decoding: $0, as: UTF8.self) } }

    /// What the client got as diagnostics.
    var diagnostics: String { errors.withLock { String(decoding: $0, as: UTF8.self) } }

    func read() async throws -> [UInt8] { input.withLock { $0.isEmpty ? [] : $0.removeFirst() } }
    func write(_ bytes: [UInt8]) async throws { sent.withLock { $0 += bytes } }
    func writeError(_ bytes: [UInt8]) async throws { errors.withLock { $0 += bytes } }
}
