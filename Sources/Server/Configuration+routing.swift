import Logging
import Pipeline
import Platform
import Postgres
import Routing

extension Configuration {
    /// An app's host under the base domain.
    var defaultHost: @Sendable (AppName) -> String { { [baseDomain] in "\($0).\(baseDomain)" } }

    /// The address at which people reach an app, with TLS once its host has a certificate.
    func address(_ certificates: CertificateFolder) -> @Sendable (AppName) -> String {
        { [self] app in
            let host = defaultHost(app)
            guard certificates.certificate(for: host) != nil else { return address(of: host) }
            return httpsPort == 443 ? "https://\(host)" : "https://\(host):\(httpsPort)"
        }
    }

    /// What keeps the proxy's routes equal to what the database says.
    func routes(
        _ proxy: NginxProxy, _ database: DatabasePool, _ certificates: CertificateFolder, _ folder: DataFolder
    ) -> RouteTable {
        RouteTable(
            proxy: proxy, database: database,
            surroundings: .init(
                sites: folder.sites, host: defaultHost, certificate: certificates.certificate(for:)))
    }

    /// The proxy whose nginx has its files in that folder.
    func proxy(_ folder: DataFolder, _ logger: Logger) -> NginxProxy {
        NginxProxy(
            directory: folder.nginx, listenAddress: httpHost, port: httpPort, tlsPort: httpsPort,
            drainSeconds: drainSeconds, logger: logger)
    }
}
