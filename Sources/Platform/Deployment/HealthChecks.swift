/// How it is found out that the processes of a type are well, and when.
package struct HealthChecks: Sendable, Hashable, Codable {
    /// Asked from the start on until it is well; only then does anything go to it. nil for what suits the process: the path
    /// of the product's health check or a TCP check for `web`, ten seconds of uptime for others.
    package var startup: HealthProbe?
    /// Asked as long as it serves; requests go to those only that answer well, unless none does. nil for none.
    package var readiness: HealthProbe?
    /// Asked as long as it runs; a process that does not answer well is started anew. nil for none.
    package var liveness: HealthProbe?

    package init(startup: HealthProbe? = nil, readiness: HealthProbe? = nil, liveness: HealthProbe? = nil) {
        self.startup = startup
        self.readiness = readiness
        self.liveness = liveness
    }
}
