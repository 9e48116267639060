import NIOCore
import NIOPosix

/// Asks a process whether it is well by connecting to it.
struct TCPCheck: Sendable {
    let address: String
    let port: Int
    let timeout: Duration

    func answer() async throws -> ProbeAnswer {
        do {
            let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connectTimeout(.nanoseconds(Int64(timeout.seconds * 1e9))).connect(to: target).get()
            try await channel.close()
            return .good
        } catch ChannelError.connectTimeout {
            return .bad("port \(port) does not take connections within \(timeout.seconds.text) s")
        } catch {
            try Task.checkCancellation()
            return .refused
        }
    }

    private var target: SocketAddress { get throws { try SocketAddress(ipAddress: address, port: port) } }
}
