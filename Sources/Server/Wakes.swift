/// Has somebody look for what there is to do. Several wakes may come as one.
struct Wakes: Sendable {
    /// To be read by one task.
    let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1)) }

    func send() { continuation.yield() }
}
