import FoundationEssentials

extension DockerClient {
    /// Makes an empty volume on the machine's own disk; does nothing when there is one of that name.
    package func createVolume(_ name: String, labels: [String: String]) async throws {
        struct Creation: Encodable {
            let Name: String
            let Labels: [String: String]
        }
        let body = Array(try JSONEncoder().encode(Creation(Name: name, Labels: labels)))
        _ = try await connection.send(
            Request(.post, ["volumes", "create"], body: body), "create volume '\(name)'")
    }

    /// The volumes that carry all of `labels`.
    package func volumes(labels: [String: String]) async throws -> [DockerVolume] {
        struct Answer: Decodable, Sendable {
            let Volumes: [DockerVolume.Answer]?
        }
        let request = Request(.get, ["volumes"], query: try Filters(labels: labels).query)
        let answer = try await connection.send(request, "list volumes", as: Answer.self)
        return (answer.Volumes ?? []).map(DockerVolume.init)
    }

    /// Removes a volume with all that is in it.
    ///
    /// - Throws: `DockerError`, `isNotFound` when there is none, `isConflict` when a container has it.
    package func removeVolume(_ name: String) async throws {
        _ = try await connection.send(Request(.delete, ["volumes", name], seconds: 600), "remove volume '\(name)'")
    }
}
