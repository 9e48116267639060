import Git
import GitWire
import Platform

/// The pack of a fetch on its way to the client.
struct UploadPackStream: Sendable {
    let repository: String
    let conversation: any Conversation

    /// Sends the pack, and tells the client if it cannot be made.
    func send(_ request: UploadPackRequest, _ shallow: FetchHistory.Shallow, common: [ObjectID]) async throws {
        let stream = SideBandStream(conversation: conversation, size: request.sideBand)
        let fetch = FetchRequest(request, shallow, common: common)
        let source = PackSource(repository: repository)
        let showsProgress = request.sideBand != nil && !request.isQuiet
        do {
            try await stream.keepingAlive {
                try await withTaskCancellationHandler {
                    try await relay(fetch, from: source, to: stream, showsProgress: showsProgress)
                } onCancel: {
                    source.cancel()
                }
            }
        } catch let error as GitError {
            try await stream.fail("aborting due to possible repository corruption on the remote side.")
            throw error
        }
        try await stream.finish()
    }

    /// The next piece is made while the client takes the one before.
    private func relay(
        _ request: FetchRequest, from source: PackSource, to stream: SideBandStream, showsProgress: Bool
    ) async throws {
        let count = try await source.prepare(request)
        if showsProgress { try await stream.sendProgress("Enumerating objects: \(count), done.\n") }
        var piece = try await source.next()
        while !piece.isEmpty {
            async let following = source.next()
            try await stream.send(piece)
            piece = try await following
        }
    }
}

extension FetchRequest {
    fileprivate init(_ request: UploadPackRequest, _ shallow: FetchHistory.Shallow, common: [ObjectID]) {
        self.init()
        wants = request.wants
        self.common = common
        clientShallow = shallow.client
        boundary = shallow.boundary
        unshallowed = shallow.unshallowed
        includesTags = request.includesTags
        allowsOffsetDeltas = request.allowsOffsetDeltas
        isThin = request.isThin
    }
}
