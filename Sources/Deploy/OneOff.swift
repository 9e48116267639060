package import Platform

/// A command that runs once, beside an app's processes.
package struct OneOff: Sendable {
    /// What messages call it, such as `release command`.
    package var name: String
    /// Instead of the image's entrypoint; nil for that.
    package var entrypoint: [String]?
    package var command: [String]
    /// For how long it may run, in seconds.
    package var timeout: Double
    package var memoryBytes: Int?
    package var cpus: Double?
    package var volumes: [Volume]

    package init(
        name: String, entrypoint: [String]? = nil, command: [String], timeout: Double, memoryBytes: Int? = nil,
        cpus: Double? = nil, volumes: [Volume] = []
    ) {
        self.name = name
        self.entrypoint = entrypoint
        self.command = command
        self.timeout = timeout
        self.memoryBytes = memoryBytes
        self.cpus = cpus
        self.volumes = volumes
    }
}
