import Foundation

/// Says something to everybody who is pushing, such as that the server is about to stop.
package actor Notices {
    private var listeners: [UUID: AsyncStream<String>.Continuation] = [:]

    package init() {}

    /// Hands a line to everybody who listens now.
    package func post(_ line: String) {
        for listener in listeners.values { listener.yield(line) }
    }

    /// What is posted from now on, until the task that listens is cancelled.
    func lines() -> AsyncStream<String> {
        let id = UUID()
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        listeners[id] = continuation
        continuation.onTermination = { [weak self] _ in Task { await self?.forget(id) } }
        return stream
    }

    private func forget(_ id: UUID) { listeners[id] = nil }
}
