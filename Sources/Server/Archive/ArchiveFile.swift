import Foundation
import Glibc
import Platform
import Threads

/// A new file that only its owner may read.
final class ArchiveFile: Sendable {
    private let path: String
    private let descriptor: Int32

    /// - Throws: `Refusal` when it cannot be made.
    init(_ path: String) throws {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.problem(path) }
    }

    deinit { close(descriptor) }

    /// Adds bytes to its end.
    func write(_ bytes: [UInt8]) async throws {
        try await onOwnThread { [self] () throws(any Error) in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw Self.problem(path) }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// Gives a file its last name, once all of it is on the disk: what it holds may be gone elsewhere a moment later.
    ///
    /// - Returns: its size in bytes.
    static func publish(_ path: String, as name: String) async throws -> Int {
        try await onOwnThread { () throws(any Error) in
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw problem(path) }
            defer { close(descriptor) }
            var status = stat()
            guard fchmod(descriptor, 0o600) == 0, fstat(descriptor, &status) == 0, fsync(descriptor) == 0,
                rename(path, name) == 0
            else { throw problem(name) }
            let folder = open(URL(filePath: name).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
            guard folder >= 0 else { throw problem(name) }
            defer { close(folder) }
            guard fsync(folder) == 0 else { throw problem(name) }
            return Int(status.st_size)
        }
    }

    private static func problem(_ path: String) -> Refusal {
        Refusal("cannot write '\(path)': \(String(cString: strerror(errno)).lowercased()); nothing was removed")
    }
}
