internal import CLibSSH
import Glibc

/// One libssh session on the server's side, in non-blocking mode. Touched by its connection's thread alone.
final class Session {
    /// How far the key exchange has come.
    enum KeyExchange { case pending, done, failed }

    /// The socket, while the session is open.
    let descriptor: Int32
    /// The channels that the client has opened and not yet closed, by ID.
    private(set) var channels: [Int: SessionChannel] = [:]
    /// No more channels may be opened.
    var isDraining = false

    private let handle: ssh_session
    private let limits: SSHLimits
    private let bytes: UnsafeMutablePointer<ssh_counter_struct>
    private let packets: UnsafeMutablePointer<ssh_counter_struct>
    private let callbacks: UnsafeMutablePointer<ssh_server_callbacks_struct>
    private var opened = 0

    /// Takes over the connected, non-blocking socket `descriptor`.
    ///
    /// - Throws: when libssh has no memory; the socket is closed then.
    init(_ descriptor: Int32, of bind: ServerBind, limits: SSHLimits) throws(SSHError) {
        guard let handle = ssh_new() else {
            close(descriptor)
            throw SSHError("cannot start an SSH session: no memory")
        }
        guard bind.accept(descriptor, into: handle) else {
            ssh_free(handle)
            throw SSHError("cannot start an SSH session: no memory")
        }
        self.handle = handle
        self.descriptor = descriptor
        self.limits = limits
        (bytes, packets, callbacks) = (.allocate(capacity: 1), .allocate(capacity: 1), .allocate(capacity: 1))
        bytes.initialize(to: ssh_counter_struct())
        packets.initialize(to: ssh_counter_struct())
        callbacks.initialize(to: ssh_server_callbacks_struct())
        configure()
    }

    private func configure() {
        ssh_set_blocking(handle, 0)
        ssh_set_counters(handle, bytes, packets)
        ssh_set_auth_methods(handle, Int32(SSH_AUTH_METHOD_PUBLICKEY))
        // Packs are compressed already, and nothing sent small can grow in memory.
        ssh_options_set(handle, SSH_OPTIONS_COMPRESSION_C_S, "none")
        ssh_options_set(handle, SSH_OPTIONS_COMPRESSION_S_C, "none")
    }

    deinit {
        ssh_free(handle)
        bytes.deallocate()
        packets.deallocate()
        callbacks.deallocate()
    }

    /// Whether the client is still there as far as libssh knows.
    var isOpen: Bool {
        ssh_is_connected(handle) != 0 && ssh_get_status(handle) & (SSH_CLOSED | SSH_CLOSED_ERROR) == 0
    }

    /// Whether bytes wait for the socket to take them.
    var isWritePending: Bool { ssh_get_status(handle) & SSH_WRITE_PENDING != 0 }

    /// Bytes that came in so far.
    var bytesReceived: UInt64 { bytes.pointee.in_bytes }

    /// Packets so far.
    var packetsReceived: UInt64 { packets.pointee.in_packets }
    var packetsSent: UInt64 { packets.pointee.out_packets }

    /// libssh's words for the last failure.
    var failure: String { String(cString: ssh_get_error(UnsafeMutableRawPointer(handle))) }

    /// Acknowledges what has arrived at once. Until a client sets TCP_NODELAY, after login, its next packet waits for
    /// the acknowledgement of the one before, which the kernel would delay by 40 ms. The kernel forgets the setting.
    func quickAcknowledge() { Socket.set(descriptor, Int32(IPPROTO_TCP), TCP_QUICKACK, 1) }

    /// Goes on with the first key exchange as far as it goes without waiting.
    func exchangeKeys() -> KeyExchange {
        switch ssh_handle_key_exchange(handle) {
        case SSH_OK: .done
        case SSH_AGAIN: .pending
        default: .failed
        }
    }

    /// The next message of a client that has not logged in, without waiting.
    func nextRequest() -> AuthenticationRequest? {
        ssh_message_get(handle).map { AuthenticationRequest($0) }
    }

    /// From now on the client may open channels of type `session`. All other requests are refused by libssh, as their
    /// callbacks are missing: forwarding of ports, agents and X11.
    func acceptChannels() {
        callbacks.pointee.size = MemoryLayout<ssh_server_callbacks_struct>.size
        callbacks.pointee.userdata = Unmanaged.passUnretained(self).toOpaque()
        callbacks.pointee.channel_open_request_session_function = { _, me in
            Unmanaged<Session>.fromOpaque(me!).takeUnretainedValue().openChannel()
        }
        ssh_set_server_callbacks(handle, callbacks)
    }

    private func openChannel() -> ssh_channel? {
        guard !isDraining, channels.count < limits.maxChannels,
            let channel = SessionChannel(id: opened, of: handle, limits: limits)
        else { return nil }
        channels[opened] = channel
        opened += 1
        return channel.pointer
    }

    /// Reads and writes what it can without waiting. libssh reads 4 KiB at a time: several are taken in one go, few
    /// enough to let the channels have their turn.
    func advance() {
        for _ in 0..<16 {
            let before = bytesReceived
            ssh_execute_message_callbacks(handle)
            guard bytesReceived != before, isOpen else { return }
        }
    }

    /// Asks the client for a sign of life, unless it owes one already.
    func sendKeepAlive() {
        // libssh's first call only takes note of the last answer if there was one; the second one sends then.
        ssh_send_keepalive(handle)
        ssh_send_keepalive(handle)
    }

    /// Gives a channel that both sides have closed back to libssh.
    func release(_ channel: SessionChannel) {
        channels[channel.id] = nil
        channel.release()
    }

    /// Says goodbye if the client is still there, and closes the socket. Channels can be used no longer.
    func disconnect(_ message: String) {
        for channel in channels.values { channel.forget() }
        ssh_session_set_disconnect_message(handle, message)
        ssh_disconnect(handle)
        channels = [:]
    }
}
