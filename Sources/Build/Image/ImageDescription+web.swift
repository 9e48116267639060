package import Docker

extension ImageDescription {
    /// The port on which its web process listens: the lowest TCP port that it exposes, or else 5000.
    package var webPort: Int { exposedPorts.first ?? 5000 }

    /// The path of its health check, from its label `martlet.health`; nil when it has none.
    ///
    /// - Throws: `BuildError` when that is no path.
    package func healthPath() throws(BuildError) -> String? {
        guard let path = labels["martlet.health"] else { return nil }
        // It becomes part of a URL: what is no path could make us ask another host.
        guard path.hasPrefix("/"), path.utf8.count <= 200, path.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) else {
            throw BuildError(
                "LABEL martlet.health is '\(path.prefix(60))', which is no path",
                hint: "write it like LABEL martlet.health=/up")
        }
        return path
    }
}
