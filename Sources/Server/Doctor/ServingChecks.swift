import Commands
import Foundation
import Glibc
import Logging
import Routing
import Threads

/// The daemon and its proxy, and whether they are reached.
struct ServingChecks: Sendable {
    let configuration: Configuration
    let folder: DataFolder

    var all: [DoctorCheck] {
        [
            DoctorCheck("daemon") { daemon() },
            DoctorCheck("ssh port") { try await sshPort() },
            DoctorCheck("http port") { try await httpPort() },
            DoctorCheck("routes") { routes() },
        ]
    }

    private func daemon() -> Finding {
        guard let process = folder.server else {
            return .warning(
                "it does not run; apps go on without it", "'make up', 'martlet serve' or 'systemctl start martlet'")
        }
        return .ok("martlet \(Version.number), process \(process)")
    }

    private func sshPort() async throws -> Finding {
        let place = "\(configuration.sshHost):\(configuration.sshPort)"
        guard configuration.sshPort != 0 else { return .ok("any that is free") }
        let isTaken = try await Self.isListening(configuration.sshHost, configuration.sshPort)
        switch (folder.server != nil, isTaken) {
        case (true, true): return .ok(place)
        case (true, false): return .problem("the daemon does not listen on \(place)", "see its log, and start it anew")
        case (false, true):
            return .problem("another program listens on \(place)", "stop it, or set MARTLET_SSH_PORT to another port")
        case (false, false): return .warning("nobody listens on \(place), since the daemon does not run")
        }
    }

    private func httpPort() async throws -> Finding {
        let place = "\(configuration.httpHost):\(configuration.httpPort)"
        let isTaken = try await Self.isListening(configuration.httpHost, configuration.httpPort)
        switch (isProxyRunning, isTaken) {
        case (true, true): return .ok(place)
        case (true, false): return .problem("nginx runs, but not on \(place)", "see '\(folder.nginx)/error.log'")
        case (false, true):
            return .problem("another program listens on \(place)", "stop it, or set MARTLET_HTTP_PORT to another port")
        case (false, false):
            let text = "nobody listens on \(place): nginx does not run"
            return folder.server == nil
                ? .warning(text, "it starts with the daemon")
                : .problem(text, "start martlet anew; see '\(folder.nginx)/error.log'")
        }
    }

    private func routes() -> Finding {
        let problems = proxy?.problems ?? []
        guard let first = problems.first else { return .ok("as they should be") }
        let others = problems.count > 1 ? "; \(problems.count - 1) more" : ""
        return .warning("\(first)\(others)", "see 'drift', and change what the app's owner has set")
    }

    private var isProxyRunning: Bool { proxy?.isRunning ?? false }

    /// nil where there is none: asking a folder that is not there would make it.
    private var proxy: NginxProxy? {
        guard FileManager.default.fileExists(atPath: folder.nginx) else { return nil }
        return configuration.proxy(folder, Logger(label: "doctor") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Whether something takes connections there. What listens on all addresses is asked at this machine's own.
    static func isListening(_ host: String, _ port: Int) async throws -> Bool {
        let host = host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "::1" : host
        return await onOwnThread { connects(host, port) }
    }

    private static func connects(_ host: String, _ port: Int) -> Bool {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "\(port)", &hints, &list) == 0 else { return false }
        defer { freeaddrinfo(list) }
        var next = list
        while let address = next?.pointee {
            if connects(address) { return true }
            next = address.ai_next
        }
        return false
    }

    private static func connects(_ address: addrinfo) -> Bool {
        let descriptor = socket(address.ai_family, address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var limit = timeval(tv_sec: 2, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        return connect(descriptor, address.ai_addr, address.ai_addrlen) == 0
    }
}
