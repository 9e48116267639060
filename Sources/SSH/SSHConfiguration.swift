/// Where the server listens and what it allows.
package struct SSHConfiguration: Sendable {
    /// An address or a name of this machine: `127.0.0.1`, `::`, `localhost`.
    package var host: String
    /// A TCP port; 0 takes any free one.
    package var port: Int
    /// What a client may take of the server.
    package var limits: SSHLimits

    /// A configuration with the default limits unless told.
    package init(host: String, port: Int, limits: SSHLimits = SSHLimits()) {
        self.host = host
        self.port = port
        self.limits = limits
    }
}
