import Platform

/// How long things may take where an app does not say it.
package struct DeployTimes: Sendable {
    /// What old processes get to finish what they do, in seconds.
    package var drainSeconds: Int
    /// From `SIGTERM` to `SIGKILL`, in seconds.
    package var stopSeconds: Int
    /// For how long a new release is watched, in seconds; 0 for not at all.
    package var guardSeconds: Int
    /// For how long a release command may run, in seconds.
    package var releaseSeconds: Int

    package init(drainSeconds: Int, stopSeconds: Int, guardSeconds: Int, releaseSeconds: Int) {
        self.drainSeconds = drainSeconds
        self.stopSeconds = stopSeconds
        self.guardSeconds = guardSeconds
        self.releaseSeconds = releaseSeconds
    }

    func drainSeconds(of type: String, in product: BuildProduct) -> Double {
        Double(declaration(type, product)?.drainSeconds ?? drainSeconds)
    }

    func stopSeconds(of type: String, in product: BuildProduct) -> Int {
        declaration(type, product)?.stopSeconds ?? stopSeconds
    }

    private func declaration(_ type: String, _ product: BuildProduct) -> ProcessDeclaration? {
        product.processes.first { $0.type == type }
    }
}
