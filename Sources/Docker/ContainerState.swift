package import FoundationEssentials

/// How a container is doing.
package struct ContainerState: Sendable, Equatable {
    package let id: String
    package let name: String
    /// The ID of its image, `sha256:…`.
    package let image: String
    package let isRunning: Bool
    /// Of its last end; 0 while it runs for the first time.
    package let exitCode: Int
    /// Whether memory ran out in it. Docker misses that now and then when the whole
    /// container ends at once, with exit code 137.
    package let oomKilled: Bool
    /// Why it could not be started; empty when it could.
    package let error: String
    /// Its IPv4 address on each network that it is connected to; none while it is not running.
    package let addresses: [String: String]
    package let labels: [String: String]
    /// When it was last started, to the second; nil when it never was.
    package let startedAt: Date?
    /// How often Docker started it again.
    package let restartCount: Int

    /// Docker's own words.
    struct Answer: Decodable, Sendable {
        struct State: Decodable, Sendable {
            let Running: Bool
            let ExitCode: Int
            let OOMKilled: Bool
            let Error: String
            let StartedAt: String
        }
        struct Configuration: Decodable, Sendable {
            let Labels: [String: String]?
        }
        struct NetworkSettings: Decodable, Sendable {
            struct Endpoint: Decodable, Sendable {
                let IPAddress: String?
            }
            let Networks: [String: Endpoint]?
        }
        let Id: String
        let Name: String
        let Image: String
        let RestartCount: Int
        let State: State
        let Config: Configuration
        let NetworkSettings: NetworkSettings
    }

    init(_ answer: Answer) {
        id = answer.Id
        name = answer.Name.hasPrefix("/") ? String(answer.Name.dropFirst()) : answer.Name
        image = answer.Image
        isRunning = answer.State.Running
        exitCode = answer.State.ExitCode
        oomKilled = answer.State.OOMKilled
        error = answer.State.Error
        addresses = (answer.NetworkSettings.Networks ?? [:]).compactMapValues(\.IPAddress).filter { !$0.value.isEmpty }
        labels = answer.Config.Labels ?? [:]
        startedAt = Self.date(answer.State.StartedAt)
        restartCount = answer.RestartCount
    }

    /// The time in `2006-01-02T15:04:05.123456789Z`; nil for Go's zero time, the year 1.
    private static func date(_ text: String) -> Date? {
        if text.hasPrefix("0001-") { return nil }
        return try? Date(String(text.prefix(19)) + "Z", strategy: .iso8601)
    }
}
