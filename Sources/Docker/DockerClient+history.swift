extension DockerClient {
    /// A step in which an image was made.
    package struct HistoryStep: Sendable, Equatable {
        /// What was run, as far as the image says it.
        package let command: String
        /// Seconds since 1970.
        package let created: Int
        /// The bytes that it added; 0 for one that only set something.
        package let size: Int
    }

    /// The steps in which the image called `reference` was made, first to last.
    ///
    /// - Throws: `DockerError`, `isNotFound` when there is no such image.
    package func history(of reference: String) async throws -> [HistoryStep] {
        struct Answer: Decodable, Sendable {
            let Created: Int
            let CreatedBy: String
            let Size: Int
        }
        let request = Request(.get, image: reference, "history")
        return try await connection.send(request, "list the steps of image '\(reference)'", as: [Answer].self)
            .reversed().map { HistoryStep(command: $0.CreatedBy, created: $0.Created, size: $0.Size) }
    }
}
