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
        let (repository, tag) = Self.nameAndTag(name)
        let request = Request(.post, image: reference, "tag", query: [("repo", repository), ("tag", tag)])
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

    /// Fetches an image from its registry.
    ///
    /// - Parameters:
    ///   - reference: `NAME`, for its tag `latest`, `NAME:TAG` or `NAME@sha256:…`.
    ///   - progress: is given a line each time that something changes, such as `4f4fb700ef54: Pull complete`.
    /// - Throws: `DockerError` when the registry does not answer or refuses; `CancellationError`, with the pull stopped.
    package func pullImage(_ reference: String, progress: @escaping @Sendable (String) async -> Void) async throws {
        let (name, tag) = Self.nameAndTag(reference)
        let request = Request(
            .post, ["images", "create"], query: [("fromImage", name), ("tag", tag)], seconds: 3600)
        let operation = "pull image '\(reference)'"
        try await connection.lines(request, operation) { line in
            if let text = try OperationProgress.text(of: line, operation) { await progress(text) }
        }
    }

    /// The parts of `NAME`, which means its tag `latest`, `NAME:TAG` or `NAME@sha256:…`.
    static func nameAndTag(_ reference: String) -> (name: String, tag: String) {
        let colon = reference.lastIndex(of: ":").flatMap { reference[$0...].contains("/") ? nil : $0 }
        guard let separator = reference.lastIndex(of: "@") ?? colon else { return (reference, "latest") }
        return (String(reference[..<separator]), String(reference[reference.index(after: separator)...]))
    }
}
