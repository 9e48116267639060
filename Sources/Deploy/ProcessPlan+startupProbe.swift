import Platform

extension ProcessPlan {
    /// What tells whether a process that was just started is well: what its release declares, else what suits its type.
    ///
    /// - Parameter uptimeSeconds: how long one must run that nothing can be asked of.
    func startupProbe(of product: BuildProduct, uptimeSeconds: Double) -> HealthProbe {
        declaration.checks?.startup ?? product.usualProbe(of: type, over: upstreamProtocol)
            ?? HealthProbe(.uptime(seconds: uptimeSeconds))
    }
}
