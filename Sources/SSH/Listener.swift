import Glibc
package import Logging
import Synchronization

/// An SSH server on one port (RFC 4251-4254), for clients that log in with public keys and run commands. Each
/// connection has a thread of its own.
package final class Listener: Sendable {
    /// The TCP port it listens on.
    package var port: Int { acceptor.port }

    private struct Register {
        var connections: [ObjectIdentifier: Connection] = [:]
        var isStopping = false
    }

    private let limits: SSHLimits
    private let logger: Logger
    private let bind: ServerBind
    private let admission: Admission
    private let acceptor: Acceptor
    private let register = Mutex(Register())

    /// Opens the port. From here on the process ignores SIGPIPE: a client that hangs up must not end it.
    ///
    /// - Throws: when the port is taken or a host key cannot be used.
    package init(configuration: SSHConfiguration, hostKeys: [HostKey], logger: Logger) throws(SSHError) {
        signal(SIGPIPE, SIG_IGN)
        limits = configuration.limits
        self.logger = logger
        bind = try ServerBind(hostKeys: hostKeys)
        admission = Admission(limits: configuration.limits)
        acceptor = try Acceptor(
            host: configuration.host, port: configuration.port, admission: admission, logger: logger)
    }

    deinit { acceptor.stop() }

    /// Serves connections with `service` until `stopAccepting`, or until the task is cancelled, and returns once every
    /// connection has ended. To be called once.
    package func serve<Service: SSHService>(_ service: Service) async {
        await withDiscardingTaskGroup { group in
            for await accepted in acceptor.accepted {
                group.addTask { await self.serve(accepted, service) }
            }
            acceptor.stop()
        }
    }

    /// Closes the port at once. Running channels go on; new ones are refused, and a connection ends with its last one.
    package func stopAccepting() async {
        acceptor.stop()
        let connections = register.withLock { register in
            register.isStopping = true
            return Array(register.connections.values)
        }
        for connection in connections { await connection.drain() }
    }

    /// Ends every connection: clients see `message`, and the tasks of their channels are cancelled.
    package func disconnectAll(_ message: String) async {
        for connection in register.withLock({ Array($0.connections.values) }) { await connection.disconnect(message) }
    }

    private func serve<Service: SSHService>(_ accepted: Acceptor.Accepted, _ service: Service) async {
        let seat = Seat(accepted.source, in: admission)
        defer { seat.leave() }
        var logger = logger
        logger[metadataKey: "peer"] = "\(accepted.peer)"
        let connection: Connection
        do throws(SSHError) {
            connection = try Connection(
                accepted.descriptor, from: accepted.peer, bind: bind, limits: limits, logger: logger)
        } catch {
            return logger.error("cannot serve a connection", metadata: ["error": "\(error)"])
        }
        let isStopping = register.withLock { register in
            register.connections[ObjectIdentifier(connection)] = connection
            return register.isStopping
        }
        if isStopping { await connection.drain() }
        await connection.run(service) { seat.settle() }
        register.withLock { _ = $0.connections.removeValue(forKey: ObjectIdentifier(connection)) }
    }
}
