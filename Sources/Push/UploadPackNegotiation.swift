import Git
import GitWire
import Platform

/// What a client of version 0 or 1 says after the advertisement, and the answers to it (`gitprotocol-pack`, "Packfile
/// Negotiation").
struct UploadPackNegotiation {
    private let conversation: any Conversation
    private let history: FetchHistory
    private var parser: UploadPackParser

    init(conversation: any Conversation, history: FetchHistory, limits: UploadPackLimits) {
        self.conversation = conversation
        self.history = history
        parser = UploadPackParser(limits: limits)
    }

    /// What the client wants; nil if it wants nothing.
    mutating func readRequest() async throws -> UploadPackRequest? {
        guard case .request(let request) = try await readEvents(limit: 1).first else { return nil }
        return request
    }

    /// Answers the client's haves until it is done.
    mutating func findCommon(with request: UploadPackRequest) async throws {
        var acknowledgments = UploadPackAcknowledgments(request.acknowledgment)
        while true {
            let events = try await readEvents(limit: 10_000)
            let haves = events.compactMap { if case .have(let id) = $0 { id } else { nil } }
            var known = try await history.knows(haves).makeIterator()
            var answer: [UInt8] = []
            for event in events {
                switch event {
                case .have(let id):
                    let isCommon = known.next() ?? false
                    if isCommon { try await history.add(common: [id]) }
                    answer += try await acknowledgments.have(id, isCommon: isCommon) {
                        try await history.canGiveUp(wants: request.wants)
                    }
                case .flush:
                    answer += try await acknowledgments.flush {
                        try await history.canGiveUp(wants: request.wants)
                    }
                case .done: answer += acknowledgments.done()
                case .request, .nothingToDo: break
                }
            }
            if !answer.isEmpty { try await conversation.write(answer) }
            if events.last == .done { return }
        }
    }

    /// What the client said next, as much as has arrived: at least one event.
    private mutating func readEvents(limit: Int) async throws -> [UploadPackParser.Event] {
        var events: [UploadPackParser.Event] = []
        while true {
            while events.count < limit, let event = try parser.next() { events.append(event) }
            if !events.isEmpty { return events }
            let bytes = try await conversation.read()
            guard !bytes.isEmpty else { throw WireError.hungUp }
            parser.append(bytes)
        }
    }
}
