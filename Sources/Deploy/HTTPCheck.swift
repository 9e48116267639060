import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Platform

/// Asks a process whether it is well by HTTP.
struct HTTPCheck: Sendable {
    /// How much of an answer is searched, in bytes.
    private static let bodyLimit = 64 << 10

    let question: HealthProbe.HTTP
    /// The app's own host name: frameworks refuse others.
    let host: String
    /// `ADDRESS:PORT`.
    let address: String
    let timeout: Duration

    func answer() async throws -> ProbeAnswer {
        do {
            return try await within(timeout) { try await ask() }
                ?? .bad("\(name) got no answer within \(timeout.seconds.text) s")
        } catch is CancellationError {
            throw CancellationError()
        } catch is NIOConnectionError {
            return .refused
        } catch let error as HTTPClientError where error == .connectTimeout {
            return .bad("its address \(address) cannot be reached")
        } catch let error as HTTPClientError where error == .remoteConnectionClosed {
            return .bad("\(name) was not answered: it closed the connection")
        } catch is IOError {
            try Task.checkCancellation()
            return .bad("\(name) was not answered: the connection broke")
        } catch {
            try Task.checkCancellation()
            return .bad("\(name) failed: \(error)")
        }
    }

    private var name: String { "GET \(question.path)" }

    private func ask() async throws -> ProbeAnswer {
        var request = HTTPClientRequest(url: "http://\(address)\(question.path)")
        request.headers = ["Host": host, "X-Forwarded-Proto": "https", "User-Agent": "martlet-health"]
        for (header, value) in question.headers { request.headers.replaceOrAdd(name: header, value: value) }
        let response = try await Self.client.execute(request, deadline: .distantFuture)
        let status = Int(response.status.code)
        guard accepted.contains(where: { $0.contains(status) }) else {
            return .bad("\(name) answered \(status)\(question.statuses.isEmpty ? "" : ", not \(acceptedText)")")
        }
        guard let content = question.content else { return .good }
        let body = try await beginning(of: response)
        return body.contains(content) ? .good : .bad("\(name) answered \(status) without '\(content.escaped)'")
    }

    private var accepted: [ClosedRange<Int>] { question.statuses.isEmpty ? [200...399] : question.statuses }

    private var acceptedText: String {
        accepted.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }
            .joined(separator: " or ")
    }

    private func beginning(of response: HTTPClientResponse) async throws -> String {
        var bytes: [UInt8] = []
        for try await chunk in response.body {
            bytes += chunk.readableBytesView.prefix(Self.bodyLimit - bytes.count)
            if bytes.count == Self.bodyLimit { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Redirects are answers here, and a connection is never kept: each check proves that a new one is accepted.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = .init(connect: .seconds(10))
        configuration.connectionPool.idleTimeout = .milliseconds(1)
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroup: .singletonMultiThreadedEventLoopGroup, configuration: configuration)
    }()
}
