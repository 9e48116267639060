import Logging

/// Serving the channels of a client that has logged in (RFC 4254).
extension Connection {
    /// The most that is handed to libssh at once: two packets of the size OpenSSH takes.
    private static let writeSize = 64 * 1024
    /// The most that one read takes: more than libssh lets a client have on its way. It opens the window anew after every
    /// read, however small, so that a reader of small pieces would let the buffer grow without end.
    private static let readSize = 4 << 20

    /// Starts a task for each channel with a request, until the connection ends and all tasks are done.
    func serveChannels<Service: SSHService>(_ service: Service, as login: Login<Service.Identity>) async {
        while phase != .ended {
            for channel in session.channels.values { attend(to: channel, service, login) }
            do throws(SSHError) { try await wait() } catch { break }
        }
        for task in tasks.values { task.cancel() }
        for task in tasks.values { await task.value }
    }

    /// Starts, cancels or gives back a channel, as its client has asked.
    private func attend<Service: SSHService>(
        to channel: SessionChannel, _ service: Service, _ login: Login<Service.Identity>
    ) {
        if channel.isClosed {
            guard let task = tasks[channel.id] else { return release(channel) }
            task.cancel()
        } else if let request = channel.request, !channel.isServed {
            channel.isServed = true
            hasServed = true
            tasks[channel.id] = Task { await serve(channel.id, request, service, login) }
        }
    }

    private func serve<Service: SSHService>(
        _ id: Int, _ request: ChannelRequest, _ service: Service, _ login: Login<Service.Identity>
    ) async {
        if let channel = session.channels[id] {
            let open = Channel(channel, request: request, on: self)
            let status = await service.serve(open, as: login.identity, key: login.key, from: peer)
            await finish(id, status)
        }
        tasks[id] = nil
        noteActivity()
        wakeAll()
    }

    /// Flushes what was written, sends the exit status, closes the channel and gives the client a while to do so too.
    private func finish(_ id: Int, _ status: Int32) async {
        do throws(SSHError) {
            while session.isWritePending { try await wait() }
            session.channels[id]?.close(status: status)
            settle()
            let deadline = ContinuousClock.now + limits.channelClose
            session.channels[id]?.closeDeadline = deadline
            noteActivity()
            while let channel = session.channels[id], !channel.isClosed, deadline > .now { try await wait() }
        } catch {
            // The client has closed the channel or is gone: all that is left to do is to close our side.
            session.channels[id]?.close(status: status)
            settle()
        }
    }

    private func release(_ channel: SessionChannel) {
        channel.close(status: 1)
        session.release(channel)
        settle()
    }

    /// The next bytes of channel `id`, as `Channel.read` promises.
    func read(_ id: Int) async throws(SSHError) -> [UInt8] {
        while let channel = session.channels[id] {
            if channel.hasData {
                defer { settle() }
                return channel.read(Self.readSize)
            }
            if channel.hasEnded { return [] }
            if channel.isClosed { break }
            try await wait()
        }
        throw lost
    }

    /// Sends `bytes` on channel `id`, as `Channel.write` promises.
    func write(_ bytes: [UInt8], to id: Int, isError: Bool) async throws(SSHError) {
        while session.channels[id]?.isWriting == true { try await wait() }
        session.channels[id]?.isWriting = true
        defer {
            session.channels[id]?.isWriting = false
            wakeAll()
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            // A window may be huge: the socket, too, has to hold the writer back.
            while session.isWritePending { try await wait() }
            guard let channel = session.channels[id] else { throw lost }
            let sent = channel.write(rest.prefix(Self.writeSize), isError: isError)
            settle()
            guard let sent else { throw lost }
            rest = rest.dropFirst(sent)
            if sent == 0 { try await wait() }
        }
    }
}
