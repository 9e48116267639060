import Docker

extension DockerClient {
    /// Makes a container, hands its ID to `body`, and removes it, whatever runs in it, before this returns.
    ///
    /// - Throws: what `body` throws; `DockerError`; `CancellationError`.
    func withContainer<Value>(_ spec: ContainerSpec, _ body: (String) async throws -> Value) async throws -> Value {
        // Not as part of this task: a request that is cancelled may have made a container whose ID nobody learns.
        let id = try await Task { try await createContainer(spec) }.value
        let result: Result<Value, any Error>
        do {
            try Task.checkCancellation()
            result = .success(try await body(id))
        } catch {
            result = .failure(error)
        }
        // Also when this task is cancelled, which would end every request of its own at once.
        try await Task {
            do {
                try await removeContainer(id, force: true)
            } catch let error as DockerError where error.isNotFound {
                return
            }
        }.value
        return try result.get()
    }
}
