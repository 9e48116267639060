import Docker
import Synchronization

/// Files of a container, which need not run, by way of the archives that Docker makes of them.
struct ContainerFiles: Sendable {
    private static let textLimit = 1 << 20

    let docker: DockerClient
    let container: String

    /// What is said of a file or folder; nil when there is none.
    func header(_ path: String) async throws -> TarHeader? {
        try await archive(path) { TarHeader.first(in: $0) != nil }.flatMap { TarHeader.first(in: $0)?.header }
    }

    /// A small file's text; nil when there is none.
    func text(_ path: String) async throws -> String? {
        let isComplete: @Sendable ([UInt8]) -> Bool = { bytes in
            guard let (header, start) = TarHeader.first(in: bytes) else { return false }
            return bytes.count >= start + min(header.size, Self.textLimit)
        }
        guard let bytes = try await archive(path, until: isComplete), let (header, start) = TarHeader.first(in: bytes)
        else { return nil }
        return String(decoding: bytes[start...].prefix(min(header.size, Self.textLimit)), as: UTF8.self)
    }

    /// Gives a folder the owner and the permissions that `header` has.
    func setOwner(_ header: TarHeader, of path: String) async throws {
        let names = path.split(separator: "/").map(String.init)
        guard let name = names.last, let entry = header.folderEntry(named: name) else {
            throw DeployError("the owner of '\(path)' cannot be set: its last part is too long; choose a shorter path")
        }
        let parent = "/" + names.dropLast().joined(separator: "/")
        try await docker.unpack(entry + [UInt8](repeating: 0, count: 1024), in: container, path: parent)
    }

    /// The beginning of the archive of a file or folder, until that is enough; nil when there is none.
    private func archive(
        _ path: String, until isEnough: @escaping @Sendable ([UInt8]) -> Bool
    ) async throws -> [UInt8]? {
        struct Enough: Error {}
        let taken = Taken()
        do {
            try await docker.archive(of: container, path: path) { bytes in
                if isEnough(taken.append(bytes)) { throw Enough() }
            }
        } catch is Enough {
            return taken.bytes
        } catch let error as DockerError where error.isNotFound {
            return nil
        }
        return taken.bytes
    }

    private final class Taken: Sendable {
        private let state = Mutex<[UInt8]>([])

        var bytes: [UInt8] { state.withLock { $0 } }

        func append(_ more: [UInt8]) -> [UInt8] {
            state.withLock { bytes in
                bytes += more
                return bytes
            }
        }
    }
}
