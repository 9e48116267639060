import Platform

extension CommandContext {
    /// Every host of every app.
    func hosts() async throws -> [AppHost] {
        try await certificates.hosts(defaultHost: certificateServices.defaultHost)
    }

    /// One host of an app.
    ///
    /// - Throws: `Refusal` when the app has none of that name.
    func host(_ name: String, of app: App) async throws -> String {
        let name = name.lowercased()
        guard try await hosts().contains(where: { $0.appID == app.id && $0.host == name }) else {
            throw Refusal(
                "app '\(app.name)' has no host '\(name.escaped)'; 'certificates list \(app.name)' shows those it has")
        }
        return name
    }

    /// The app under which a host's own certificate is kept: another one where that shares the host and had it first.
    ///
    /// - Throws: `Refusal` where the caller does not maintain that.
    func keeper(ofCertificateFor host: String, _ app: App) async throws -> App {
        guard let kept = try await certificates.find(host), kept.source == .own, let id = kept.appID, id != app.id,
            try await hosts().contains(where: { $0.appID == app.id && $0.host == host }),
            let other = try await apps.find(id: id)
        else { return app }
        guard try await apps.role(of: caller, in: other) == .maintainer else { throw Refusal.certificateKept(host) }
        return other
    }

    /// What serves a host: its own certificate or, where it has none, the wildcard above it; nil without any.
    func certificate(for host: String) async throws -> HostCertificate? {
        if let own = try await certificates.find(host) { return own }
        guard let dot = host.firstIndex(of: ".") else { return nil }
        return try await certificates.find("*\(host[dot...])")
    }
}
