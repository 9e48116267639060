import AsyncHTTPClient
import FoundationEssentials
import Glibc
import Logging
import NIOCore
import NIOHTTP1
import Synchronization

/// Carries requests to the Docker daemon on a unix socket and its answers back, each within its time.
final class DockerConnection: Sendable {
    private static let answerLimit = 64 << 20

    private let socket: String
    private let logger: Logger
    private let client: HTTPClient
    /// The version that all requests use, once it is known.
    private let version = Mutex<APIVersion?>(nil)

    init(socket: String, logger: Logger) {
        self.socket = socket
        self.logger = logger
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = .init(connect: .seconds(5))
        // Else a missing socket is tried again until the time is up, and a dozen waits hold up all other requests.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1024
        client = HTTPClient(configuration: configuration)
    }

    func shutdown() async throws { try await client.shutdown() }

    /// Asks the daemon which version it speaks. All later requests use that, at most `APIVersion.newest`.
    func ping() async throws -> DockerVersion {
        let found = try await exchange("/_ping", Request(.get, ["_ping"], seconds: 5), "use Docker at '\(socket)'") {
            response in
            (response.headers.first(name: "Api-Version") ?? "", response.headers.first(name: "Server") ?? "")
        }
        guard let api = APIVersion(found.0), api >= .oldest else {
            throw DockerError(
                operation: "use Docker at '\(socket)'",
                reason:
                    "it speaks API version '\(found.0)'; install Docker 20.10 (\(APIVersion.oldest)) or later"
            )
        }
        version.withLock { $0 = min(api, .newest) }
        return DockerVersion(api: api, server: found.1)
    }

    /// Sends a request and takes the whole answer.
    ///
    /// - Throws: `DockerError` of `operation`, unless the answer is a success; `CancellationError`.
    func send(_ request: Request, _ operation: String) async throws -> [UInt8] {
        try await send(request, operation) { response in
            let buffer = try await response.body.collect(upTo: Self.answerLimit)
            return Array(buffer.readableBytesView)
        }
    }

    /// Sends a request and decodes its answer.
    func send<Answer: Decodable & Sendable>(_ request: Request, _ operation: String, as type: Answer.Type) async throws
        -> Answer
    {
        let answer = try await send(request, operation)
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(answer))
        } catch {
            throw DockerError(operation: operation, reason: "its answer is not understood: \(error)")
        }
    }

    /// Sends a request and hands the bytes of its answer to `take` as they come; no more are read while it runs.
    ///
    /// - Throws: what `take` throws; `DockerError`; `CancellationError`.
    func download(
        _ request: Request, _ operation: String, take: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        let failure: (any Error)? = try await send(request, operation) { response in
            for try await chunk in response.body {
                // Returned, since what is thrown here becomes an error of Docker's.
                do { try await take(Array(chunk.readableBytesView)) } catch { return error }
            }
            return nil
        }
        if let failure { throw failure }
    }

    /// Sends a request and hands each line of its answer to `take` as it comes; no more are read while it runs.
    ///
    /// - Throws: what `take` throws, as a `DockerError` unless it is one; `CancellationError`.
    func lines(
        _ request: Request, _ operation: String, take: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        try await send(request, operation) { response in
            var line: [UInt8] = []
            for try await chunk in response.body {
                for byte in chunk.readableBytesView {
                    if byte == UInt8(ascii: "\n") {
                        try await take(line)
                        line = []
                    } else {
                        line.append(byte)
                    }
                }
            }
        }
    }

    /// Sends a request and hands its answer to `read`. The connection is closed when `read` does not take all of it.
    func send<Value: Sendable>(
        _ request: Request, _ operation: String, read: @escaping @Sendable (HTTPClientResponse) async throws -> Value
    ) async throws -> Value {
        let version: APIVersion
        if let known = self.version.withLock({ $0 }) {
            version = known
        } else {
            version = min(try await ping().api, .newest)
        }
        return try await exchange("/v\(version)\(request.target)", request, operation, read: read)
    }

    private func exchange<Value: Sendable>(
        _ target: String, _ request: Request, _ operation: String,
        read: @escaping @Sendable (HTTPClientResponse) async throws -> Value
    ) async throws -> Value {
        var message = HTTPClientRequest(url: "http+unix://\(Request.escape(socket, keep: ""))\(target)")
        message.method = HTTPMethod(rawValue: request.method.rawValue)
        message.headers = ["Host": "docker"]  // without it dockerd answers 400
        if let body = request.body {
            message.headers.add(name: "Content-Type", value: request.bodyType)
            message.body = .bytes(ByteBuffer(bytes: body))
        }
        if let upload = request.upload {
            message.headers.add(name: "Content-Type", value: "application/x-tar")
            message.body = .stream(upload, length: .known(Int64(upload.size)))
        }
        logger.trace("docker request", metadata: ["method": "\(request.method.rawValue)", "target": "\(target)"])
        do {
            return try await within(request.seconds, operation) { [client, message] in
                let response = try await client.execute(message, deadline: .distantFuture)
                guard (200..<300).contains(response.status.code) || response.status == .notModified else {
                    throw await Self.refusal(of: response, operation)
                }
                return try await read(response)
            }
        } catch {
            throw Task.isCancelled ? CancellationError() : translated(error, operation)
        }
    }

    /// Runs `body`, giving it up after `seconds`: a daemon that hangs keeps its connections open and silent.
    private func within<Value: Sendable>(
        _ seconds: Int, _ operation: String, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                throw DockerError(
                    operation: operation, reason: "Docker gave no answer within \(seconds) s", isTimeout: true)
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }

    private static func refusal(of response: HTTPClientResponse, _ operation: String) async -> DockerError {
        struct Answer: Decodable {
            let message: String
        }
        let status = Int(response.status.code)
        let body = try? await response.body.collect(upTo: 1 << 20)
        let answer = body.flatMap { try? JSONDecoder().decode(Answer.self, from: Data($0.readableBytesView)) }
        let reason = answer?.message.split(whereSeparator: \.isNewline).joined(separator: " ")
        return DockerError(operation: operation, reason: reason ?? "Docker answered \(status)", status: status)
    }

    private func translated(_ error: any Error, _ operation: String) -> DockerError {
        switch error {
        case let error as DockerError: error
        case let error as IOError: .unreachable(socket, error.errnoCode)
        case let error as HTTPClientError where error == .remoteConnectionClosed:
            DockerError(
                operation: operation, reason: "Docker closed the connection; is it stopping?", isUnavailable: true)
        default: DockerError(operation: operation, reason: "\(error)")
        }
    }
}

extension DockerError {
    /// Why the socket at `path` cannot be used, by the error code of connecting to it.
    static func unreachable(_ path: String, _ code: CInt) -> DockerError {
        let reason =
            switch code {
            case EACCES, EPERM: "permission denied; add your user to the group 'docker' or run as root"
            case ENOENT: "there is no such socket; start Docker or set MARTLET_DOCKER_SOCKET"
            case ECONNREFUSED: "connection refused; start Docker"
            default: String(cString: strerror(code)).lowercased()
            }
        return DockerError(operation: "use Docker at '\(path)'", reason: reason, isUnavailable: true)
    }
}
