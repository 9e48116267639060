extension DockerClient {
    /// The folder of the daemon's data, such as `/var/lib/docker`.
    package func rootDirectory() async throws -> String {
        struct Answer: Decodable, Sendable {
            let DockerRootDir: String
        }
        return try await connection.send(Request(.get, ["info"]), "ask Docker for its folder", as: Answer.self)
            .DockerRootDir
    }
}
