import Logging

/// Logging in by public key (RFC 4252 §7).
extension Connection {
    /// Lets the client try keys until one is accepted; nil when the connection has ended before.
    func authenticate<Service: SSHService>(_ service: Service) async -> Login<Service.Identity>? {
        while let request = await nextRequest() {
            switch request.kind {
            case .service("ssh-userauth"):
                request.acceptService()
            case .service(let name):
                logger.debug("service refused", metadata: ["service": "\(name)"])
                disconnect("only the service ssh-userauth is available")
            case .none:
                refusable = request
                request.refuse()
            case .publicKey(let user, let key?, let isSigned):
                if let login = await offer(key, of: user, isSigned: isSigned, in: request, to: service) { return login }
            case .publicKey, .other:
                refuse(request)
            }
            settle()
        }
        return nil
    }

    /// Decides on one key. Nothing is remembered from a probe: the identity is that of the key that has signed.
    private func offer<Service: SSHService>(
        _ key: OfferedKey, of user: String, isSigned: Bool, in request: AuthenticationRequest, to service: Service
    ) async -> Login<Service.Identity>? {
        let identity: Service.Identity?
        do {
            identity = user == "git" && key.isSupported ? try await service.identify(key, user: user, from: peer) : nil
        } catch {
            logger.error("cannot look up a key", metadata: ["key": "\(key.fingerprint)", "error": "\(error)"])
            disconnect("\(error)")
            return nil
        }
        guard phase == .authentication else { return nil }
        guard let identity else {
            refuse(request, key)
            return nil
        }
        guard isSigned else {
            request.acceptProbe()
            return nil
        }
        logIn(by: request, key)
        return Login(identity: identity, key: key)
    }

    private func logIn(by request: AuthenticationRequest, _ key: OfferedKey) {
        request.acceptLogin()
        session.acceptChannels()
        refusable = nil
        requests = []
        phase = .open
        noteActivity()
        settle()
        logger.info("login accepted", metadata: ["key": "\(key.fingerprint)"])
    }

    private func refuse(_ request: AuthenticationRequest, _ key: OfferedKey? = nil) {
        logger.info("login refused", metadata: ["key": "\(key?.fingerprint ?? "none")"])
        refusable = request
        answerFailure()
    }

    private func answerFailure() {
        failures += 1
        if failures > limits.maxKeyOffers {
            disconnect("Too many authentication failures")
        } else {
            refusable?.refuse()
        }
    }

    /// The next message of the client; nil once the connection has ended.
    private func nextRequest() async -> AuthenticationRequest? {
        silence.begin(received: session.packetsReceived, sent: session.packetsSent)
        while phase != .ended && requests.isEmpty {
            do throws(SSHError) { try await wait() } catch { return nil }
        }
        silence.stop()
        return phase == .ended ? nil : requests.removeFirst()
    }

    /// Takes what libssh has queued.
    func collectRequests() {
        while requests.count <= limits.maxKeyOffers, let request = session.nextRequest() { requests.append(request) }
        // A client waits for each answer before it asks again.
        if requests.count > limits.maxKeyOffers { disconnect("Too many authentication failures") }
    }

    /// Refuses a request that libssh has dropped, or disconnects if that cannot be done; returns when to look again.
    func enforceAnswers(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        let (verdict, next) = silence.judge(
            received: session.packetsReceived, sent: session.packetsSent, canAnswer: refusable != nil, now: now)
        switch verdict {
        case .none: return next
        case .answer:
            logger.info("login refused", metadata: ["key": "unknown type or bad signature"])
            answerFailure()
            settle()
            silence.begin(received: session.packetsReceived, sent: session.packetsSent)
        case .disconnect:
            disconnect("the key's type is not supported or its signature is wrong; offer another key with ssh -i")
        }
        return next
    }
}
