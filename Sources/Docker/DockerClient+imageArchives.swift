import Glibc
import Threads

extension DockerClient {
    /// How long an archive may take.
    private static let longest = 3600

    /// Loads the images of an archive as `docker save` writes it, and gives them their names. Layers that Docker has
    /// already may be missing from it.
    ///
    /// - Throws: `DockerError` when the file cannot be read, or is not understood.
    package func loadImage(fromFile path: String) async throws {
        let operation = "load an image"
        var request = Request(.post, ["images", "load"], query: [("quiet", "1")], seconds: Self.longest)
        request.upload = try FileUpload(path, operation)
        try await connection.lines(request, operation) { _ = try OperationProgress.text(of: $0, operation) }
    }

    /// Writes an image to the new file `path`, as an archive with all its layers.
    ///
    /// - Throws: `DockerError`, `isNotFound` when there is no such image.
    package func saveImage(_ reference: String, toFile path: String) async throws {
        let operation = "save image '\(reference)'"
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw DockerError(operation: operation, reason: String(cString: strerror(errno)).lowercased())
        }
        defer { close(file) }
        let request = Request(.get, image: reference, "get", seconds: Self.longest)
        try await connection.download(request, operation) { bytes in
            try await onOwnThread { try Self.write(bytes, to: file, operation) }
        }
    }

    private static func write(_ bytes: [UInt8], to file: CInt, _ operation: String) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else {
                throw DockerError(operation: operation, reason: String(cString: strerror(errno)).lowercased())
            }
            rest = rest.dropFirst(count)
        }
    }
}
