import Glibc
import NIOCore
import Threads

/// The bytes of a file, piece by piece, as they are sent.
struct FileUpload: AsyncSequence, Sendable {
    let path: String
    /// In bytes.
    let size: Int

    /// - Throws: `DockerError` of `operation` when there is no such file.
    init(_ path: String, _ operation: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw DockerError(operation: operation, reason: String(cString: strerror(errno)).lowercased())
        }
        self.path = path
        size = Int(status.st_size)
    }

    func makeAsyncIterator() -> Iterator { Iterator(file: OpenFile(path)) }

    struct Iterator: AsyncIteratorProtocol {
        private static let pieceSize = 1 << 20
        let file: OpenFile

        func next() async throws -> ByteBuffer? {
            let bytes = try await onOwnThread { [file] in try file.read(Self.pieceSize) }
            return bytes.isEmpty ? nil : ByteBuffer(bytes: bytes)
        }
    }

    /// Closes the file when nobody reads it any more.
    final class OpenFile: Sendable {
        private let path: String
        private let descriptor: CInt

        init(_ path: String) {
            self.path = path
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
        }

        deinit { close(descriptor) }

        func read(_ count: Int) throws -> [UInt8] {
            var bytes = [UInt8](repeating: 0, count: count)
            let taken = Glibc.read(descriptor, &bytes, count)
            guard taken >= 0 else { throw failure }
            return Array(bytes.prefix(taken))
        }

        private var failure: DockerError {
            DockerError(operation: "read '\(path)'", reason: String(cString: strerror(errno)).lowercased())
        }
    }
}
