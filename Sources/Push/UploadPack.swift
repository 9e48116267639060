import Git
package import GitWire
package import Platform

/// One `git fetch`, `clone` or `ls-remote`, from the advertisement to the pack (`gitprotocol-pack`, "Fetching Data From
/// a Server"; `gitprotocol-v2`).
package struct UploadPack: Sendable {
    private let repository: String
    private let conversation: any Conversation
    private let protocolVersion: ProtocolVersion
    private let agent: String
    private let limits: UploadPackLimits

    /// - Parameters:
    ///   - repository: the bare repository's folder.
    ///   - agent: what the server calls itself, such as `martlet/0.1`.
    package init(
        repository: String, conversation: any Conversation, protocolVersion: ProtocolVersion, agent: String,
        limits: UploadPackLimits = UploadPackLimits()
    ) {
        self.repository = repository
        self.conversation = conversation
        self.protocolVersion = protocolVersion
        self.agent = agent
        self.limits = limits
    }

    /// Serves the client until it wants nothing more.
    ///
    /// - Returns: the exit status: 128 for a client that does not speak the protocol, or wants what it was not offered.
    /// - Throws: when the client is gone, or the repository cannot be read.
    package func run() async throws -> Int32 {
        let history = FetchHistory(repository: repository)
        do {
            try await withTaskCancellationHandler {
                try await protocolVersion == .v2 ? serveCommands(history) : serve(history)
            } onCancel: {
                history.cancel()
            }
            return 0
        } catch let error as WireError {
            try await conversation.printError("fatal: \(error)")
            return 128
        } catch {
            // What was cut short because the client left is no failure of the repository's.
            try Task.checkCancellation()
            throw error
        }
    }

    // Version 0 and 1: references, what the client wants, what both have, the pack.
    private func serve(_ history: FetchHistory) async throws {
        let snapshot = try await ReferenceSnapshot.current(of: repository)
        try await advertise(snapshot)
        var negotiation = UploadPackNegotiation(conversation: conversation, history: history, limits: limits)
        guard let request = try await negotiation.readRequest() else { return }
        let offered = snapshot.targets
        for want in request.wants where !offered.contains(want) { try await refuse(want) }
        let shallow = try await UploadPackShallow(history: history, snapshot: snapshot).deepen(request)
        if request.deepening != nil {
            try await conversation.write(
                FetchResponse.shallowUpdate(shallow: shallow.boundary, unshallow: shallow.unshallowed))
        }
        try await negotiation.findCommon(with: request)
        try await send(request, shallow, history)
    }

    private func advertise(_ snapshot: ReferenceSnapshot) async throws {
        let advertisement = snapshot.encoded(as: "upload-pack \(protocolVersion)") { snapshot in
            var advertisement = UploadPackAdvertisement(
                version: protocolVersion, head: snapshot.headTarget, headBranch: snapshot.headBranch, agent: agent)
            for reference in snapshot.references {
                advertisement.add(reference.name, reference.target, peeled: reference.peeled)
            }
            return advertisement.finish()
        }
        try await conversation.write(advertisement)
    }

    // Version 2: commands, each with its answer.
    private func serveCommands(_ history: FetchHistory) async throws {
        try await conversation.write(V2Capabilities.advertisement(agent: agent))
        var parser = V2CommandParser(limits: limits)
        var shown: ReferenceSnapshot?
        while true {
            guard let command = try parser.next() else {
                let bytes = try await conversation.read()
                // Its end is fine between two commands only.
                if bytes.isEmpty { return _ = try parser.finish() }
                parser.append(bytes)
                continue
            }
            switch command {
            case .end: return
            case .lsRefs(let request):
                let snapshot = try await ReferenceSnapshot.current(of: repository)
                shown = snapshot
                try await conversation.write(snapshot.answer(to: request))
            case .fetch(let request):
                try await fetch(request, shown: shown, history)
                await history.forgetCommon()
            }
        }
    }

    private func fetch(
        _ request: UploadPackRequest, shown: ReferenceSnapshot?, _ history: FetchHistory
    ) async throws {
        guard !request.wants.isEmpty || request.waitsForDone else { return }
        let snapshot = try await ReferenceSnapshot.current(of: repository)
        try await check(request.wants, snapshot.targets.union(shown?.targets ?? []), history)
        guard try await acknowledge(request, history) else { return }
        let shallow = try await UploadPackShallow(history: history, snapshot: snapshot).deepen(request)
        if request.deepening != nil || !shallow.client.isEmpty {
            try await conversation.write(
                FetchResponse.shallowInfo(shallow: shallow.boundary, unshallow: shallow.unshallowed))
        }
        try await conversation.write(FetchResponse.packfile)
        try await send(request, shallow, history)
    }

    /// Git lets a client of version 2 want any object there is. Here it is what was offered in this conversation, and
    /// the commits below: no other object may be asked for, nor what only hidden references reach.
    private func check(_ wants: [ObjectID], _ offered: Set<ObjectID>, _ history: FetchHistory) async throws {
        let others = wants.filter { !offered.contains($0) }
        guard !others.isEmpty else { return }
        if let want = try await history.firstUnreachable(others, from: Array(offered)) { try await refuse(want) }
    }

    /// Answers the haves of a request, unless it is done; returns whether the pack comes now.
    private func acknowledge(_ request: UploadPackRequest, _ history: FetchHistory) async throws -> Bool {
        guard !request.haves.isEmpty else { return true }
        let isCommon = try await history.knows(request.haves)
        let common = zip(request.haves, isCommon).filter(\.1).map(\.0)
        try await history.add(common: common)
        if request.isDone { return true }
        let isReady = request.waitsForDone ? false : try await history.canGiveUp(wants: request.wants)
        try await conversation.write(FetchResponse.acknowledgments(common: common, isReady: isReady))
        return isReady
    }

    private func send(
        _ request: UploadPackRequest, _ shallow: FetchHistory.Shallow, _ history: FetchHistory
    ) async throws {
        let pack = UploadPackStream(repository: repository, conversation: conversation)
        try await pack.send(request, shallow, common: history.commonCommits)
    }

    private func refuse(_ want: ObjectID) async throws {
        try await conversation.write(PacketLine.error("upload-pack: not our ref \(want)").encoded)
        throw WireError.notOurReference(want)
    }
}

extension ReferenceSnapshot {
    /// What a client may ask for that was shown this.
    var targets: Set<ObjectID> {
        var targets = Set(references.map(\.target))
        if let headTarget { targets.insert(headTarget) }
        return targets
    }

    fileprivate func answer(to request: LsRefsRequest) -> [UInt8] {
        guard request.wantsAll else { return encoded(for: request) }
        let flags = [request.peels, request.showsSymbolicTargets, request.showsUnborn]
        return encoded(as: "ls-refs \(flags)") { $0.encoded(for: request) }
    }

    private func encoded(for request: LsRefsRequest) -> [UInt8] {
        var response = LsRefsResponse(to: request)
        response.addHead(headTarget, branch: headBranch)
        for reference in references {
            response.add(
                reference.name, reference.target, symbolicTarget: reference.symbolicTarget, peeled: reference.peeled)
        }
        return response.finish()
    }
}
