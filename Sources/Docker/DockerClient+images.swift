extension DockerClient {
    /// The image called `reference` (`NAME`, `NAME:TAG` or `sha256:…`); nil when there is none.
    package func inspectImage(_ reference: String) async throws -> ImageDescription? {
        do {
            let request = Request(.get, image: reference, "json")
            return ImageDescription(
                try await connection.send(request, "inspect image '\(reference)'", as: ImageDescription.Answer.self))
        } catch let error as DockerError where error.isNotFound {
            return nil
        }
    }

    /// Gives an image a further name, `NAME:TAG`, taking it from the image that had it.
    package func tagImage(_ reference: String, as name: String) async throws {
        let colon = name.lastIndex(of: ":").flatMap { name[$0...].contains("/") ? nil : $0 }
        let repository = name[..<(colon ?? name.endIndex)]
        let tag = colon.map { name[name.index(after: $0)...] } ?? "latest"
        let request = Request(
            .post, image: reference, "tag", query: [("repo", String(repository)), ("tag", String(tag))])
        _ = try await connection.send(request, "tag image '\(reference)' as '\(name)'")
    }

    /// Removes a name, and the image when it was its last one.
    ///
    /// - Parameter force: also when it has more names (given an ID) or stopped containers use it.
    /// - Throws: `DockerError`, `isNotFound` when there is none, `isConflict` when it is in use.
    package func removeImage(_ reference: String, force: Bool = false) async throws {
        let request = Request(.delete, image: reference, query: [("force", force ? "1" : "0")], seconds: 120)
        _ = try await connection.send(request, "remove image '\(reference)'")
    }

    /// The images that carry all of `labels`.
    package func images(labels: [String: String]) async throws -> [ImageSummary] {
        let request = Request(.get, ["images", "json"], query: try Filters(labels: labels).query)
        return try await connection.send(request, "list images", as: [ImageSummary.Answer].self).map(ImageSummary.init)
    }
}
