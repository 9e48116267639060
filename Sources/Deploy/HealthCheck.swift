import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Asks a process whether it is ready: by HTTP where its image names a path, else by whether its port accepts.
struct HealthCheck: Sendable {
    /// The path to ask for; nil for a TCP check.
    let path: String?
    /// The app's own host name: frameworks refuse others.
    let host: String
    /// `ADDRESS:PORT`.
    let address: String

    /// nil when the process is ready, else why it is not, such as `GET /up answered 503`.
    func problem() async -> String? {
        if let path { return await askHTTP(path) }
        return await connect()
    }

    private func askHTTP(_ path: String) async -> String? {
        var request = HTTPClientRequest(url: "http://\(address)\(path)")
        request.headers = ["Host": host, "X-Forwarded-Proto": "https", "User-Agent": "martlet-health"]
        do {
            let response = try await Self.client.execute(request, timeout: .seconds(5))
            return (200..<400).contains(response.status.code) ? nil : "GET \(path) answered \(response.status.code)"
        } catch let error as HTTPClientError where error == .connectTimeout || error == .deadlineExceeded {
            return "GET \(path) got no answer within 5 s"
        } catch is NIOConnectionError {
            return "nothing listens on port \(port)"
        } catch {
            return "GET \(path) failed: \(error)"
        }
    }

    private func connect() async -> String? {
        let parts = address.split(separator: ":")
        guard parts.count == 2, let number = Int(parts[1]) else { return "its address '\(address)' is unusable" }
        do {
            let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connectTimeout(.seconds(2)).connect(host: String(parts[0]), port: number).get()
            try await channel.close()
            return nil
        } catch {
            return "nothing listens on port \(port)"
        }
    }

    private var port: Substring { address.split(separator: ":").last ?? "" }

    /// Redirects are answers here, and a connection is never kept: each check proves that a new one is accepted.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = .init(connect: .seconds(2), read: .seconds(5))
        configuration.connectionPool.idleTimeout = .milliseconds(1)
        return HTTPClient(eventLoopGroup: .singletonMultiThreadedEventLoopGroup, configuration: configuration)
    }()
}
