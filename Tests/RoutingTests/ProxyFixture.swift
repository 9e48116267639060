import Foundation
import Glibc
import Logging
import Routing
import TestKit
import Testing
import Threads

/// An nginx of one test's own.
struct ProxyFixture {
    static let isUsable = FileManager.default.isExecutableFile(atPath: "/usr/sbin/nginx")

    /// Whether it can lead ports on.
    static let hasStreams =
        isUsable && FileManager.default.fileExists(atPath: "/usr/lib/nginx/modules/ngx_stream_module.so")
    /// Whether somebody wants to know how long things take.
    static let isMeasured = isUsable && ProcessInfo.processInfo.environment["ROUTING_NUMBERS"] != nil

    let directory: String
    let port: Int
    let tlsPort: Int
    let proxy: NginxProxy

    /// Runs `body` with a folder and free ports; ends nginx, if it was started, and removes the folder.
    static func with(_ body: (ProxyFixture) async throws -> Void) async throws {
        let (port, tlsPort) = (try freePort(), try freePort())
        let folder = "\(NSTemporaryDirectory())/martlet-\(UUID().uuidString.prefix(8))"
        let fixture = ProxyFixture(
            directory: "\(folder)/nginx", port: port, tlsPort: tlsPort, proxy: make("\(folder)/nginx", port, tlsPort))
        do {
            try await body(fixture)
        } catch {
            try await fixture.cleanUp(folder)
            throw error
        }
        try await fixture.cleanUp(folder)
    }

    /// A port that is free, and not one that the system gives to others meanwhile.
    static func freePort() throws -> Int {
        for _ in 0..<100 {
            guard let (descriptor, port) = TCPStream.listen(on: Int.random(in: 10_000..<32_000)) else { continue }
            close(descriptor)
            return port
        }
        throw CancellationError()
    }

    /// What a restarted daemon has: another proxy on the same folder.
    func another(port: Int? = nil, mostRetired: Int = 64) -> NginxProxy {
        Self.make(directory, port ?? self.port, tlsPort, mostRetired)
    }

    /// Sends a request and waits for the whole answer.
    func fetch(_ host: String, _ path: String = "/", body: String? = nil, port: Int? = nil) async -> (
        status: Int, body: String
    ) {
        await onOwnThread { [port = port ?? self.port] in Self.fetch(port, host, path, body) }
    }

    /// As `fetch`, and blocks; status 0 when no answer came.
    static func fetch(_ port: Int, _ host: String, _ path: String = "/", _ body: String? = nil) -> (
        status: Int, body: String
    ) {
        guard let stream = TCPStream.connect(to: port) else { return (0, "") }
        let method = body == nil ? "GET" : "POST"
        let length = body.map { "Content-Length: \($0.utf8.count)\r\n" } ?? ""
        stream.write("\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\n\(length)Connection: close\r\n\r\n\(body ?? "")")
        let answer = stream.readToEnd()
        guard let end = answer.firstRange(of: "\r\n\r\n") else { return (0, answer) }
        return (Int(answer.split(separator: " ").dropFirst().first ?? "") ?? 0, String(answer[end.upperBound...]))
    }

    /// The number of nginx's leading process; nil when it has written none.
    var master: pid_t? {
        guard let text = try? String(contentsOfFile: "\(directory)/nginx.pid", encoding: .utf8) else { return nil }
        return pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    func waitUntil(_ condition: () async -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while !(await condition()) {
            try #require(ContinuousClock.now < deadline, "waited in vain")
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private static func make(
        _ directory: String, _ port: Int, _ tlsPort: Int, _ mostRetired: Int = 64
    ) -> NginxProxy {
        NginxProxy(
            directory: directory, listenAddress: "127.0.0.1", port: port, tlsPort: tlsPort, drainSeconds: 5,
            mostRetired: mostRetired, logger: Logger(label: "test"))
    }

    private func cleanUp(_ folder: String) async throws {
        try await proxy.stop()
        try FileManager.default.removeItem(atPath: folder)
    }
}
