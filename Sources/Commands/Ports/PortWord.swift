import ArgumentParser
import Platform

/// A port with its protocol as people write it: `5432`, `5432/tcp` or `53/udp`.
struct PortWord: ExpressibleByArgument, Equatable {
    let port: Int
    let transport: PublishedPort.TransportProtocol

    init?(argument: String) {
        let parts = argument.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let digits = parts.first, (1...5).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(digits), (1...65_535).contains(port),
            let transport = parts.count == 1 ? .tcp : PublishedPort.TransportProtocol(rawValue: String(parts[1]))
        else { return nil }
        self.port = port
        self.transport = transport
    }
}
