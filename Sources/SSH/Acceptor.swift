internal import CLibSSH
import Glibc
import Logging
import Synchronization
import Threads

/// A listening socket with a thread of its own that accepts connections until it is told to stop.
final class Acceptor: Sendable {
    /// A connection that was let in.
    struct Accepted: Sendable {
        let descriptor: Int32
        let peer: Peer
        let source: Source
    }

    /// The TCP port.
    let port: Int
    /// The connections let in; ends after `stop`.
    let accepted: AsyncStream<Accepted>

    private let listener: Int32
    private let wakeup: Int32
    private let admission: Admission
    private let logger: Logger
    private let continuation: AsyncStream<Accepted>.Continuation
    private let isStopped = Atomic(false)

    init(host: String, port: Int, admission: Admission, logger: Logger) throws(SSHError) {
        listener = try Socket.listen(host: host, port: port)
        wakeup = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard wakeup >= 0 else {
            let error = SSHError.system("cannot listen on '\(host):\(port)'")
            close(listener)
            throw error
        }
        self.port = Socket.port(of: listener)
        self.admission = admission
        self.logger = logger
        (accepted, continuation) = AsyncStream.makeStream()
        startThread { [self] in run() }
    }

    deinit { close(wakeup) }

    /// Closes the port; clients in its backlog are turned away.
    func stop() {
        isStopped.store(true, ordering: .releasing)
        eventfd_write(wakeup, 1)
    }

    private func run() {
        var polled = [
            pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0),
            pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
        ]
        while !isStopped.load(ordering: .acquiring) {
            // After a failure the port stays readable: leave it alone for a while.
            let canAccept = acceptAll()
            poll(&polled, canAccept ? 2 : 1, canAccept ? -1 : 250)
        }
        close(listener)
        continuation.finish()
    }

    /// Accepts what is there; false when the process has no descriptor or no memory for another connection.
    private func acceptAll() -> Bool {
        while !isStopped.load(ordering: .acquiring) {
            if let (descriptor, peer) = Socket.accept(listener) {
                letIn(descriptor, peer)
            } else if [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno) {
                logger.error("cannot accept connections", metadata: ["error": "\(String(cString: strerror(errno)))"])
                return false
            } else if errno == EAGAIN {
                return true
            }
        }
        return true
    }

    private func letIn(_ descriptor: Int32, _ peer: Peer) {
        switch admission.admit(peer) {
        case .success(let source):
            continuation.yield(Accepted(descriptor: descriptor, peer: peer, source: source))
        case .failure(let error):
            let metadata: Logger.Metadata = ["peer": "\(peer)", "limit": "\(error.refusal.rawValue)"]
            logger.notice("connection turned away", metadata: metadata)
            close(descriptor)
        }
    }
}
