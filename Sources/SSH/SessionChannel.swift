internal import CLibSSH
import Glibc

/// One libssh channel and what the client has asked of it. Touched by its connection's thread alone.
final class SessionChannel {
    let id: Int
    /// The request to serve, once there is one.
    private(set) var request: ChannelRequest?
    private(set) var protocolVersion: String?
    private(set) var hasTerminal = false
    /// The client has sent its end of file; what came before it can still be read.
    private(set) var hasEnded = false
    /// The client has closed the channel.
    private(set) var isClosed = false
    /// The client has sent far more than its window allowed.
    private(set) var hasOverflowed = false
    /// A write is under way, so that another one does not come between its parts.
    var isWriting = false
    /// A task serves the request.
    var isServed = false
    /// When to wait no longer for the client to close its side.
    var closeDeadline: ContinuousClock.Instant?

    private let handle: ssh_channel
    private let callbacks: UnsafeMutablePointer<ssh_channel_callbacks_struct>
    private let limits: SSHLimits
    private var readable = 0
    private var unread = 0
    private var environmentRequests = 0
    private var isReleased = false

    /// Makes a channel of `session`; nil when there is no memory.
    init?(id: Int, of session: ssh_session, limits: SSHLimits) {
        guard let handle = ssh_channel_new(session) else { return nil }
        self.id = id
        self.handle = handle
        self.limits = limits
        callbacks = .allocate(capacity: 1)
        callbacks.initialize(to: ssh_channel_callbacks_struct())
        callbacks.pointee.size = MemoryLayout<ssh_channel_callbacks_struct>.size
        callbacks.pointee.userdata = Unmanaged.passUnretained(self).toOpaque()
        installDataCallbacks()
        installRequestCallbacks()
        ssh_set_channel_callbacks(handle, callbacks)
    }

    deinit { callbacks.deallocate() }

    /// For libssh to answer the request to open the channel with.
    var pointer: ssh_channel { handle }

    private static func from(_ data: UnsafeMutableRawPointer?) -> SessionChannel {
        Unmanaged.fromOpaque(data!).takeUnretainedValue()
    }

    private func installDataCallbacks() {
        // Takes nothing, so that the window holds the client back until `read`; it only sees how much there is.
        callbacks.pointee.channel_data_function = { _, _, _, count, isError, me in
            SessionChannel.from(me).note(Int(count), isError: isError != 0)
            return 0
        }
        callbacks.pointee.channel_eof_function = { _, _, me in SessionChannel.from(me).hasEnded = true }
        callbacks.pointee.channel_close_function = { _, _, me in SessionChannel.from(me).isClosed = true }
    }

    /// A request whose callback is missing is refused by libssh: subsystem, x11, agent, signal, window change.
    private func installRequestCallbacks() {
        callbacks.pointee.channel_shell_request_function = { _, _, me in SessionChannel.from(me).start(.shell) }
        callbacks.pointee.channel_exec_request_function = { _, _, command, me in
            guard let command else { return SSH_ERROR }
            let channel = SessionChannel.from(me)
            guard strlen(command) <= channel.limits.maxExecBytes else { return SSH_ERROR }
            return channel.start(.exec(String(cString: command)))
        }
        callbacks.pointee.channel_pty_request_function = { _, _, _, _, _, _, _, me in
            SessionChannel.from(me).hasTerminal = true
            return SSH_OK
        }
        callbacks.pointee.channel_env_request_function = { _, _, name, value, me in
            guard let name, let value else { return SSH_ERROR }
            return SessionChannel.from(me).setEnvironment(name, value)
        }
    }

    private func note(_ count: Int, isError: Bool) {
        if isError { unread = count } else { readable = count }
        if readable + unread > limits.maxBufferedBytes { hasOverflowed = true }
    }

    private func start(_ request: ChannelRequest) -> Int32 {
        guard self.request == nil else { return SSH_ERROR }
        self.request = request
        return SSH_OK
    }

    private func setEnvironment(_ name: UnsafePointer<CChar>, _ value: UnsafePointer<CChar>) -> Int32 {
        environmentRequests += 1
        guard request == nil, environmentRequests <= limits.maxEnvironmentRequests,
            strcmp(name, "GIT_PROTOCOL") == 0, strlen(value) <= limits.maxEnvironmentBytes
        else { return SSH_ERROR }
        protocolVersion = String(cString: value)
        return SSH_OK
    }

    /// Bytes the client has sent that wait to be read.
    var hasData: Bool { readable > 0 && !isReleased }

    /// The next bytes, at most `count`, without waiting; empty when there are none. Opens the window again.
    func read(_ count: Int) -> [UInt8] {
        guard hasData else { return [] }
        let bytes = [UInt8](unsafeUninitializedCapacity: min(count, readable)) { buffer, filled in
            let count = ssh_channel_read_nonblocking(handle, buffer.baseAddress, UInt32(buffer.count), 0)
            filled = max(0, Int(count))
        }
        readable = bytes.isEmpty ? 0 : readable - bytes.count
        return bytes
    }

    /// Sends what the window takes of `bytes` and returns how many that were; nil when the channel is closed.
    func write(_ bytes: ArraySlice<UInt8>, isError: Bool) -> Int? {
        guard !isReleased, !isClosed else { return nil }
        let count = bytes.withUnsafeBytes {
            isError
                ? ssh_channel_write_stderr(handle, $0.baseAddress, UInt32($0.count))
                : ssh_channel_write(handle, $0.baseAddress, UInt32($0.count))
        }
        return count < 0 ? nil : Int(count)
    }

    /// Sends the exit status and the end of file, then closes the server's side.
    func close(status: Int32) {
        guard !isReleased else { return }
        if !isClosed { ssh_channel_request_send_exit_status(handle, status) }
        // Apart from `close`, which gives up half-way while the socket is full.
        ssh_channel_send_eof(handle)
        ssh_channel_close(handle)
    }

    /// Gives the channel back to libssh, once both sides have closed it.
    func release() {
        guard !isReleased else { return }
        isReleased = true
        ssh_remove_channel_callbacks(handle, callbacks)
        ssh_channel_free(handle)
    }

    /// libssh has freed the channel together with its session.
    func forget() { isReleased = true }
}
