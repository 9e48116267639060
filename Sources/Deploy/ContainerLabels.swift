import Foundation
import Platform

/// The labels by which containers, networks and volumes are known as Martlet's, whoever looks at them.
struct ContainerLabels: Sendable {
    static let app = "martlet.app"
    static let release = "martlet.release"
    /// The ID of a process; only containers of processes have it.
    static let process = "martlet.process"
    /// Such as `web.1`.
    static let name = "martlet.name"
    /// Who runs a command of its own, and removes it; only containers of such have it.
    static let oneOff = "martlet.oneoff"
    /// When such a command must be over, in seconds since 1970.
    static let expires = "martlet.expires"

    private static let installation = "martlet.installation"

    let installation: UUID
    /// This daemon, from its start to its end.
    let daemon: UUID

    /// On everything of the installation.
    var all: [String: String] { [Self.installation: installation.text] }

    /// On everything of an app.
    func of(_ app: UUID) -> [String: String] { [Self.installation: installation.text, Self.app: app.text] }

    /// On a command that this daemon runs.
    func ofCommand(until end: Date) -> [String: String] {
        [Self.oneOff: daemon.text, Self.expires: "\(Int(end.timeIntervalSince1970.rounded(.up)))"]
    }

    /// Whether a command with these labels is nobody's: who ran it is gone, or could not remove it.
    ///
    /// - Parameter isRunning: whether this daemon is at it.
    func isAbandoned(_ labels: [String: String], isRunning: Bool) -> Bool {
        guard let owner = labels[Self.oneOff] else { return false }
        return owner != daemon.text || !isRunning
    }

    /// Whether the time of a command with these labels is over, whoever runs it.
    static func isOverdue(_ labels: [String: String], now: Date = Date()) -> Bool {
        guard labels[oneOff] != nil else { return false }
        // Who runs it is given a minute to remove it.
        return now.timeIntervalSince1970 > (labels[expires].flatMap(Double.init) ?? 0) + 60
    }
}
