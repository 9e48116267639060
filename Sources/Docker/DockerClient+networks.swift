import FoundationEssentials

extension DockerClient {
    /// Makes a bridge network.
    ///
    /// - Returns: its ID.
    /// - Throws: `DockerError`, `isConflict` when the name is taken, `isSubnetTaken` when its range overlaps
    ///   another one's.
    @discardableResult
    package func createNetwork(_ spec: NetworkSpec) async throws -> String {
        struct Answer: Decodable, Sendable {
            let Id: String
        }
        let body = Array(try JSONEncoder().encode(NetworkCreation(spec)))
        let request = Request(.post, ["networks", "create"], body: body, seconds: 60)
        return try await connection.send(request, "create network '\(spec.name)'", as: Answer.self).Id
    }

    /// The networks that carry all of `labels`; all networks of the machine for none.
    package func networks(labels: [String: String] = [:]) async throws -> [DockerNetwork] {
        let request = Request(.get, ["networks"], query: try Filters(labels: labels).query)
        return try await connection.send(request, "list networks", as: [DockerNetwork.Answer].self).map(
            DockerNetwork.init)
    }

    /// The network with this ID or name; nil when there is none.
    package func inspectNetwork(_ network: String) async throws -> DockerNetwork? {
        do {
            let request = Request(.get, ["networks", network])
            return DockerNetwork(
                try await connection.send(request, "inspect network '\(network)'", as: DockerNetwork.Answer.self))
        } catch let error as DockerError where error.isNotFound {
            return nil
        }
    }

    /// Puts a running container on a network, where it gets an address. Does nothing when it is there already.
    ///
    /// - Throws: `DockerError`, `isNotFound` when there is no such container or network.
    package func connect(_ container: String, to network: String) async throws {
        let body = Array(try JSONEncoder().encode(["Container": container]))
        do {
            _ = try await connection.send(
                Request(.post, ["networks", network, "connect"], body: body, seconds: 60),
                "connect container '\(container)' to network '\(network)'")
        } catch let error as DockerError where error.status == 403 && error.reason.contains("already exists") {
            // Somebody did so meanwhile.
        }
    }

    /// Removes a network.
    ///
    /// - Throws: `DockerError`, `isNotFound` when there is none; also when containers are still on it.
    package func removeNetwork(_ network: String) async throws {
        _ = try await connection.send(
            Request(.delete, ["networks", network], seconds: 60), "remove network '\(network)'")
    }
}
