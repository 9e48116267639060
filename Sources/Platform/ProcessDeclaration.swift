/// A kind of process that an app consists of, and how it is started from its image.
package struct ProcessDeclaration: Sendable, Equatable, Codable {
    /// The type to which requests go.
    package static let web = "web"
    /// The type whose command runs once for each release, before it serves.
    package static let release = "release"

    /// A DNS label, such as `web`.
    package let type: String
    /// Instead of the image's entrypoint; nil for that.
    package var entrypoint: [String]?
    /// Instead of the image's command; nil for that.
    package var command: [String]?
    /// How many there are until somebody scales; nil for one of `web` and none of others.
    package var quantity: Int?
    /// What each may use; nil for what the server is set to.
    package var memoryBytes: Int?
    /// In CPUs; nil for what the server is set to.
    package var cpus: Double?
    /// nil for `start-first`, or `stop-first` where a volume may be written to.
    package var strategy: DeployStrategy?
    /// How long an old one may go on with what it does, out of the routes, in seconds; nil for what the server is set to.
    package var drainSeconds: Int?
    /// From `SIGTERM` to `SIGKILL`, in seconds; nil for what the server is set to.
    package var stopSeconds: Int?
    /// nil for what suits its type.
    package var checks: HealthChecks?
    /// For how long the command of type `release` may run, in seconds; nil for what the server is set to.
    package var timeout: Double?

    package init(type: String, entrypoint: [String]? = nil, command: [String]? = nil) {
        self.type = type
        self.entrypoint = entrypoint
        self.command = command
    }

    /// One that a shell starts: a line of a `Procfile`, given to the image's entrypoint if it has one.
    package init(type: String, shell command: String) {
        self.init(type: type, command: ShellCommand.arguments(command))
    }
}
