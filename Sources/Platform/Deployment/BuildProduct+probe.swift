extension BuildProduct {
    /// What processes of a type are asked whose checks nobody declared: `web` by HTTP where there is a path, or else
    /// whether it takes connections; nil for others, of which nothing can be asked.
    ///
    /// - Parameter upstream: how the proxy speaks to `web`.
    package func usualProbe(of type: String, over upstream: RoutingSettings.UpstreamProtocol) -> HealthProbe? {
        guard type == ProcessDeclaration.web else { return nil }
        // A server of gRPC knows no HTTP/1.1.
        guard let healthPath, upstream != .grpc else { return HealthProbe(.tcp) }
        return HealthProbe(.http(HealthProbe.HTTP(path: healthPath)))
    }
}
