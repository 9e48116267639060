extension DockerDeployer {
    /// What each process may use where nothing else is set for it, and how long it is waited for.
    package struct Limits: Sendable {
        package var memoryBytes: Int
        package var cpus: Double
        /// How many processes and threads.
        package var processes: Int
        /// From start to healthy.
        package var health: Duration
        /// From `SIGTERM` to `SIGKILL`.
        package var stopSeconds: Int
        /// How long processes that nothing can be asked of must run until they count as healthy.
        package var uptimeSeconds: Double

        package init(
            memoryBytes: Int, cpus: Double, processes: Int, health: Duration, stopSeconds: Int,
            uptimeSeconds: Double = 10
        ) {
            self.memoryBytes = memoryBytes
            self.cpus = cpus
            self.processes = processes
            self.health = health
            self.stopSeconds = stopSeconds
            self.uptimeSeconds = uptimeSeconds
        }
    }
}
