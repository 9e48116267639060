extension NginxProxy {
    /// The path of the machine's nginx.
    ///
    /// - Throws: `RoutingError` that names the package when there is none.
    package static func program() throws(RoutingError) -> String { try NginxProgram().path }
}
