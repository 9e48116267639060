import Git
package import GitWire
package import Platform
import Threads

/// One `git push`, from the advertisement to the report (`gitprotocol-pack`, "Pushing Data To a Server").
package struct ReceivePack: Sendable {
    /// Bytes of a refused pack that are still taken.
    private static let restTaken = 64 << 20
    private let repository: String
    private let conversation: any Conversation
    private let policy: any PushPolicy
    private let hooks: PushHooks
    private let limits: PushLimits
    private let protocolVersion: ProtocolVersion
    private let agent: String

    /// - Parameters:
    ///   - repository: the bare repository's folder; absolute where there are hooks.
    ///   - agent: what the server calls itself, such as `martlet/0.1`.
    package init(
        repository: String, conversation: any Conversation, policy: any PushPolicy, hooks: PushHooks = .none,
        limits: PushLimits = PushLimits(), protocolVersion: ProtocolVersion, agent: String
    ) {
        self.repository = repository
        self.conversation = conversation
        self.policy = policy
        self.hooks = hooks
        self.limits = limits
        self.protocolVersion = protocolVersion
        self.agent = agent
    }

    /// Serves the push.
    ///
    /// - Returns: the exit status: 0 also when references were rejected, since the report says so; 128 for a client that
    ///   does not speak the protocol.
    /// - Throws: when the client is gone. Nothing is left of the push then, apart from what it had been told is done.
    package func run() async throws -> Int32 {
        try await advertise()
        do {
            if let request = try await readRequest() { try await serve(request) }
            return 0
        } catch let error as WireError {
            try await conversation.printError("fatal: \(error)")
            return 128
        }
    }

    private func advertise() async throws {
        let snapshot = try await ReferenceSnapshot.current(of: repository)
        let bytes = snapshot.encoded(as: "receive-pack \(protocolVersion)") { snapshot in
            ReferenceAdvertisement(references: snapshot.references.map { ($0.name, $0.target) }, agent: agent)
                .encoded(for: protocolVersion)
        }
        try await conversation.write(bytes)
    }

    /// The whole request; nil when the client has nothing to push.
    private func readRequest() async throws -> ReceivePackRequest? {
        var parser = ReceivePackParser(limits: limits.request)
        // It may take its time: the client's pre-push hook runs now.
        while true {
            let bytes = try await conversation.read()
            switch try bytes.isEmpty ? parser.finish() : parser.feed(bytes) {
            case .needsMore: continue
            case .nothingToDo: return nil
            case .complete(let request): return request
            }
        }
    }

    private func serve(_ request: ReceivePackRequest) async throws {
        let reporter = PushReporter(
            conversation: conversation, hasSideBand: request.capabilities.contains("side-band-64k"))
        let quarantine = try Quarantine(repository: repository, limits: limits.pack)
        var verdicts = Verdicts(request)
        var unpackError: String?
        do {
            if request.expectsPack { try await receive(request.rest, into: quarantine) }
            verdicts = try await withTaskCancellationHandler {
                try await reporter.keepingAlive { [verdicts] in
                    if request.expectsPack { _ = try await quarantine.finish() }
                    return try await decide(request, verdicts, quarantine, reporter)
                }
            } onCancel: {
                quarantine.cancel()
            }
            try await quarantine.discard()
        } catch let error as GitError {
            try await quarantine.discard()
            unpackError = error.reason
            verdicts.rejectAll("unpacker error")
        } catch {
            try await quarantine.discard()
            throw error
        }
        let report = verdicts.report(unpackError: unpackError, for: request)
        try await reporter.finish(report: report, afterwards: hooks(for: request, reporter).postReceive(verdicts))
        if unpackError != nil { try await takeRest() }
    }

    /// Streams the pack into quarantine. The pack says where it ends: some clients never close their side.
    private func receive(_ start: [UInt8], into quarantine: Quarantine) async throws {
        let silence = SilenceGuard(seconds: limits.silentSeconds)
        try await silence.watch { [self] in
            var bytes = start
            while case .needsMore = try await quarantine.append(bytes) {
                bytes = try await conversation.read()
                silence.note()
                guard !bytes.isEmpty else {
                    throw GitError(operation: "receive pack", reason: "the client ended in the middle of it")
                }
            }
        }
    }

    /// Lets a client that is told of a refusal while it sends say the rest: some look for the answer only then.
    private func takeRest() async throws {
        let silence = SilenceGuard(seconds: 5)
        do {
            try await silence.watch { [conversation] in
                var room = Self.restTaken
                while room > 0, case let bytes = try await conversation.read(), !bytes.isEmpty {
                    silence.note()
                    room -= bytes.count
                }
            }
        } catch is GitError {
            // It waits for us to end.
        }
    }

    /// Judges every command, makes the objects permanent, and moves what may move.
    private func decide(
        _ request: ReceivePackRequest, _ verdicts: Verdicts, _ quarantine: Quarantine, _ reporter: PushReporter
    ) async throws -> Verdicts {
        var verdicts = verdicts
        let options: PushOptions
        do {
            options = try PushOptions(request.pushOptions)
        } catch {
            try await reporter.say(" !     \(error)")
            verdicts.rejectAll("invalid push option")
            return verdicts
        }
        let hooks = hooks(for: request, reporter)
        let kinds = try await CommandCheck(
            policy: policy, quarantine: quarantine, repository: repository, shallow: Set(request.shallow),
            maximumReferences: limits.references, hooks: hooks
        ).judge(&verdicts)
        if request.isAtomic { verdicts.spreadRejection() }
        guard !verdicts.pending.isEmpty else { return verdicts }
        try Task.checkCancellation()
        if options.plan {
            let deploying = policy.deploying(verdicts.pending.map(\.update))
            try await policy.plan(deploying, in: quarantine, options: options) { try await reporter.say($0) }
            verdicts.rejectAll("plan only")
            return verdicts
        }
        do {
            try await quarantine.migrate()
        } catch {
            verdicts.rejectAll("unable to migrate objects to permanent storage")
            return verdicts
        }
        do {
            try await move(request, &verdicts, kinds, options, reporter)
        } catch {
            await hooks.postReceive(verdicts)?()
            throw error
        }
        return verdicts
    }

    private func hooks(for request: ReceivePackRequest, _ reporter: PushReporter) -> ReceiveHooks {
        ReceiveHooks(hooks: hooks, repository: repository, request: request) { try await reporter.say($0) }
    }

    /// Moves the references that deploy nothing, then deploys the one that does. In an atomic push all move with the deployment.
    private func move(
        _ request: ReceivePackRequest, _ verdicts: inout Verdicts, _ kinds: [ObjectID: ObjectKind],
        _ options: PushOptions, _ reporter: PushReporter
    ) async throws {
        let deploying = policy.deploying(verdicts.pending.map(\.update))
        let now = verdicts.pending.filter { deploying == nil || !request.isAtomic && $0.update != deploying }
        let conflicts = await store(now, &verdicts, kinds, atomic: request.isAtomic)
        for remark in try await NameConflicts.remarks(on: conflicts, in: repository) { try await reporter.say(remark) }
        let stored = now.filter { verdicts.isAccepted($0) && !$0.update.new.isZero }.map(\.update.name)
        if deploying == nil, let remark = policy.remark(onStored: stored) { try await reporter.say(remark) }
        guard let deploying else { return }
        let waiting = verdicts.pending
        do {
            try await policy.deploy(deploying, updates: waiting.map(\.update), options: options) {
                try await reporter.say($0)
            }
            for item in waiting { verdicts.accept(item) }
        } catch let rejection as PushRejection {
            for item in waiting {
                verdicts.reject(item, item.update == deploying ? rejection.summary : "atomic push failure")
            }
        }
    }

    /// Returns the names that another reference is in the way of.
    private func store(
        _ items: [Verdicts.Item], _ verdicts: inout Verdicts, _ kinds: [ObjectID: ObjectKind], atomic: Bool
    ) async -> [ReferenceName] {
        guard !items.isEmpty else { return [] }
        var conflicts: [ReferenceName] = []
        let updates = items.map(\.update)
        let results = await onOwnThread { [repository] in
            ReferenceTransaction.apply(updates, atomic: atomic, at: repository, kinds: kinds)
        }
        for (item, result) in zip(items, results) {
            switch result {
            case .ok: verdicts.accept(item)
            case .alreadyAbsent: verdicts.acceptAbsent(item)
            case .failed(let reason):
                verdicts.reject(item, reason)
                if result == .nameConflict { conflicts.append(item.update.name) }
            }
        }
        return conflicts
    }
}
