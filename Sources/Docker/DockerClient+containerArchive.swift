extension DockerClient {
    /// Hands a file or folder of a container to `take`, as the bytes of a tar archive, in pieces as they come. The
    /// container need not run, nor ever have run. No more is read while `take` runs; when it throws, the rest is not
    /// sent. Names in the archive begin with the last part of `path`.
    ///
    /// - Parameters:
    ///   - path: absolute; links in it are followed within the container.
    ///   - seconds: how long it may take in all.
    /// - Throws: what `take` throws; `DockerError`, `isNotFound` when there is no such container or path.
    package func archive(
        of container: String, path: String, seconds: Int = 600,
        take: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        let request = Request(.get, ["containers", container, "archive"], query: [("path", path)], seconds: seconds)
        try await connection.download(request, "copy '\(path)' out of container '\(container)'", take: take)
    }

    /// Unpacks a tar archive in a folder of a container, with the owners that it names. The container need not run,
    /// nor ever have run; its volumes are there all the same. Folders that are there stay, with the owner and the
    /// permissions that the archive has for them.
    ///
    /// - Parameters:
    ///   - archive: the bytes of the tar archive.
    ///   - path: absolute; the folder must be there.
    /// - Throws: `DockerError`, `isNotFound` when there is no such container or path.
    package func unpack(_ archive: [UInt8], in container: String, path: String) async throws {
        var request = Request(
            .put, ["containers", container, "archive"], query: [("path", path)], body: archive, seconds: 600)
        request.bodyType = "application/x-tar"
        _ = try await connection.send(request, "unpack files in '\(path)' of container '\(container)'")
    }
}
