import Docker
import Foundation
import Platform

/// Asks a container that runs whether it is well.
struct ContainerCheck: Sendable {
    let docker: DockerClient
    let probe: HealthProbe
    /// The app's own host name: frameworks refuse others.
    let host: String
    /// The network on which it is asked.
    let network: String
    let port: Int

    func answer(of state: ContainerState) async throws -> ProbeAnswer {
        let timeout = Duration.seconds(probe.timeout)
        switch probe.kind {
        case .command(let command):
            return try await CommandCheck(docker: docker, container: state.id, command: command, timeout: timeout)
                .answer()
        case .uptime(let seconds):
            let age = state.startedAt.map { Date().timeIntervalSince($0) } ?? 0
            return age >= seconds ? .good : .bad("it has run for \(Int(age)) s, and is to for \(seconds.text) s")
        case .http(let question):
            guard let address = state.addresses[network] else { return .bad("it has no address") }
            return try await HTTPCheck(
                question: question, host: host, address: "\(address):\(port)", timeout: timeout
            ).answer()
        case .tcp:
            guard let address = state.addresses[network] else { return .bad("it has no address") }
            return try await TCPCheck(address: address, port: port, timeout: timeout).answer()
        }
    }

    /// What is wrong, and what to do about it where that can be told; nil for a good answer.
    func problem(_ answer: ProbeAnswer, of state: ContainerState) -> String? {
        switch answer {
        case .good: return nil
        case .bad(let reason): return reason
        case .refused:
            let listeners = state.processID.map { HostProcess(id: $0, container: state.id).listeners() } ?? []
            let wanted = probe.port.map { "\($0)" } ?? "$PORT"
            return "nothing listens on port \(port) of its address\(Listener.found(listeners, insteadOf: port)); "
                + "listen on 0.0.0.0:\(wanted)"
        }
    }
}

extension Double {
    /// Without a fraction that is none.
    var text: String { self == rounded() ? "\(Int(self))" : "\(self)" }
}

extension Duration {
    /// In seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
