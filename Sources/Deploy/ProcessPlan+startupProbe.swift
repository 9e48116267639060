import Platform

extension ProcessPlan {
    /// What tells whether a process that was just started is well: what its release declares, else what suits its type.
    ///
    /// - Parameter uptimeSeconds: how long one must run that nothing can be asked of.
    func startupProbe(of product: BuildProduct, uptimeSeconds: Double) -> HealthProbe {
        if let declared = declaration.checks?.startup { return declared }
        guard type == ProcessDeclaration.web else { return HealthProbe(.uptime(seconds: uptimeSeconds)) }
        // A server of gRPC knows no HTTP/1.1.
        guard let path = product.healthPath, product.routing?.upstreamProtocol != .grpc else {
            return HealthProbe(.tcp)
        }
        return HealthProbe(.http(HealthProbe.HTTP(path: path)))
    }
}
