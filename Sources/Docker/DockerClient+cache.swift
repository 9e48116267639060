extension DockerClient {
    /// Removes what BuildKit keeps for later builds, what was used least recently first, until at most `bytes` are kept.
    ///
    /// - Returns: the bytes that are free now.
    @discardableResult
    package func pruneBuildCache(keeping bytes: Int) async throws -> Int {
        struct Answer: Decodable, Sendable {
            let SpaceReclaimed: Int?
        }
        let request = Request(
            .post, ["build", "prune"], query: [("keep-storage", "\(bytes)"), ("all", "1")], seconds: 600)
        return try await connection.send(request, "prune the build cache", as: Answer.self).SpaceReclaimed ?? 0
    }
}
