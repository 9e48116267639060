import Platform

extension Pipeline.Services {
    /// What the engine calls the volumes of all apps.
    func volumeNames() async throws -> Set<String> { Set(try await volumes.all().map(\.engineName)) }
}
