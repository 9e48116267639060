package import Foundation

/// A port of the machine that leads to the processes of an app, without HTTP.
package struct PublishedPort: Sendable, Hashable {
    package enum TransportProtocol: String, Sendable, Hashable, Codable, CaseIterable {
        case tcp, udp
    }

    package let appID: UUID
    package let transport: TransportProtocol
    /// The machine's port.
    package let port: Int
    /// The type of process that answers.
    package let type: String
    /// The port on which those listen.
    package let target: Int

    package init(appID: UUID, transport: TransportProtocol, port: Int, type: String, target: Int) {
        self.appID = appID
        self.transport = transport
        self.port = port
        self.type = type
        self.target = target
    }
}
