extension DockerClient {
    /// The folder of the daemon's data, such as `/var/lib/docker`.
    package func rootDirectory() async throws -> String { try await info("ask Docker for its folder").DockerRootDir }

    /// Whether containers go on while the daemon is stopped or restarted (`live-restore`). A swarm rules that out.
    package func keepsContainers() async throws -> Bool {
        try await info("ask Docker how it restarts").LiveRestoreEnabled
    }

    private struct Info: Decodable, Sendable {
        let DockerRootDir: String
        let LiveRestoreEnabled: Bool
    }

    private func info(_ operation: String) async throws -> Info {
        try await connection.send(Request(.get, ["info"]), operation, as: Info.self)
    }
}
