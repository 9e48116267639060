package import FoundationEssentials

/// How a container is doing.
package struct ContainerState: Sendable, Equatable {
    package let id: String
    package let name: String
    /// The ID of its image, `sha256:…`.
    package let image: String
    /// Also while Docker is about to start it again.
    package let isRunning: Bool
    /// Whether it ended and Docker is about to start it again.
    package let isRestarting: Bool
    /// Its first process, as Docker's machine numbers it; nil while none runs.
    package let processID: Int32?
    /// Of its last end; 0 while it runs for the first time.
    package let exitCode: Int
    /// Whether memory ran out in it. Docker misses that now and then when the whole
    /// container ends at once, with exit code 137.
    package let oomKilled: Bool
    /// Why it could not be started; empty when it could.
    package let error: String
    /// Its IPv4 address on each network that it is connected to; none while it is not running.
    package let addresses: [String: String]
    /// The names of the networks that it is on, with or without an address.
    package let networks: Set<String>
    package let labels: [String: String]
    /// When it was last started; nil when it never was.
    package let startedAt: Date?
    /// How often Docker started it again.
    package let restartCount: Int
    /// How many bytes of memory it may use; nil for no limit.
    package let memoryBytes: Int?
    /// From `SIGTERM` to `SIGKILL` where a stop names no other time; nil for Docker's default.
    package let stopTimeoutSeconds: Int?

    /// Docker's own words.
    struct Answer: Decodable, Sendable {
        struct State: Decodable, Sendable {
            let Running: Bool
            let Restarting: Bool
            let Pid: Int32
            let ExitCode: Int
            let OOMKilled: Bool
            let Error: String
            let StartedAt: String
        }
        struct Configuration: Decodable, Sendable {
            let Labels: [String: String]?
            let StopTimeout: Int?
        }
        struct HostConfiguration: Decodable, Sendable {
            let Memory: Int?
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
        let HostConfig: HostConfiguration
        let NetworkSettings: NetworkSettings
    }

    init(_ answer: Answer) {
        id = answer.Id
        name = answer.Name.hasPrefix("/") ? String(answer.Name.dropFirst()) : answer.Name
        image = answer.Image
        isRunning = answer.State.Running
        isRestarting = answer.State.Restarting
        processID = answer.State.Pid > 0 ? answer.State.Pid : nil
        exitCode = answer.State.ExitCode
        oomKilled = answer.State.OOMKilled
        error = answer.State.Error
        addresses = (answer.NetworkSettings.Networks ?? [:]).compactMapValues(\.IPAddress).filter { !$0.value.isEmpty }
        networks = Set((answer.NetworkSettings.Networks ?? [:]).keys)
        labels = answer.Config.Labels ?? [:]
        startedAt = Self.date(answer.State.StartedAt)
        restartCount = answer.RestartCount
        memoryBytes = answer.HostConfig.Memory.flatMap { $0 > 0 ? $0 : nil }
        stopTimeoutSeconds = answer.Config.StopTimeout
    }

    /// The time in `2006-01-02T15:04:05.123456789Z`; nil for Go's zero time, the year 1.
    private static func date(_ text: String) -> Date? {
        if text.hasPrefix("0001-") { return nil }
        let whole = try? Date(String(text.prefix(19)) + "Z", strategy: .iso8601)
        let fraction = Double("0" + text.dropFirst(19).prefix { $0 != "Z" }) ?? 0
        return whole?.addingTimeInterval(fraction)
    }
}
