import Crypto
import Foundation
import Glibc
import Platform
import SystemPackage
import Threads

/// The archive in which an image is handed to Docker (Docker image specification 1.2, "docker load").
///
/// A layer is an archive within it. Layers that the engine has already are left out: of them it only needs the digest.
final class ImageArchive {
    /// 1980-01-01T00:00:01Z, the age of every file, so that equal content makes equal layers.
    static let moment = 315_532_801

    /// Whose the files of a layer are.
    struct Owner {
        let user: Int
        let group: Int

        static let root = Owner(user: 0, group: 0)
    }

    let path: String
    private let file: CInt
    private var count = 0

    /// A new archive at `path`.
    init(_ path: String) throws {
        self.path = path
        file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failure(path) }
    }

    deinit { close(file) }

    /// Archives `member`, a path below `folder`, as a layer.
    ///
    /// - Parameters:
    ///   - prefix: what comes before the member's path in the image.
    ///   - name: what `.` is called in the image; nil when the member is another one.
    ///   - isKnown: asked with the layer's digest whether the engine has it, so that it is left out.
    /// - Returns: the digest of the layer, and its name in the archive.
    func addLayer(
        _ member: String, in folder: String, prefix: String = "", as name: String? = nil, owner: Owner,
        isKnown: (String) -> Bool
    ) async throws -> (diffID: String, name: String) {
        let start = try reserve()
        try await HostProgram.run(
            "tar", Self.arguments(member, folder, prefix, name, owner), output: FileDescriptor(rawValue: file))
        return try await finish(start, isKnown)
    }

    /// Adds the layer in the file at `source`, which is an archive already.
    func addLayer(file source: String) async throws -> (diffID: String, name: String) {
        let start = try reserve()
        try await HostProgram.run("cat", ["--", source], output: FileDescriptor(rawValue: file))
        return try await finish(start) { _ in false }
    }

    /// Adds a file.
    func add(_ name: String, _ bytes: [UInt8]) throws {
        try write(TarHeader.bytes(name: name, size: bytes.count) + bytes + Self.padding(bytes.count))
    }

    /// Ends the archive.
    func finish() throws { try write([UInt8](repeating: 0, count: 2 * TarHeader.blockSize)) }

    private static func arguments(
        _ member: String, _ folder: String, _ prefix: String, _ name: String?, _ owner: Owner
    ) -> [String] {
        var arguments = [
            "--create", "--file=-", "--directory=\(folder)", "--sort=name", "--mtime=@\(moment)",
            "--owner=\(owner.user)", "--group=\(owner.group)", "--numeric-owner", "--format=pax",
            // By default the names of extended headers hold the number of the process.
            "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime", "--warning=no-file-ignored",
        ]
        // `S` leaves the targets of symbolic links alone.
        if let name { arguments.append("--transform=s,^\\.,\(name),S") }
        if !prefix.isEmpty { arguments.append("--transform=s,^,\(prefix),S") }
        return arguments + ["--", member]
    }

    /// Leaves room for a header. Returns where it is.
    private func reserve() throws -> Int {
        let start = lseek(file, 0, SEEK_END)
        guard start >= 0 else { throw Self.failure(path) }
        try write([UInt8](repeating: 0, count: TarHeader.blockSize))
        return start
    }

    private func finish(_ start: Int, _ isKnown: (String) -> Bool) async throws -> (diffID: String, name: String) {
        let content = start + TarHeader.blockSize
        let size = lseek(file, 0, SEEK_END) - content
        let digest = try await onOwnThread { [file, path] in try Self.digest(file, from: content, path) }
        let name = "\(count).tar"
        count += 1
        if isKnown(digest) {
            guard ftruncate(file, start) == 0 else { throw Self.failure(path) }
            return (digest, name)
        }
        try write(Self.padding(size))
        let header = TarHeader.bytes(name: name, size: size)
        guard pwrite(file, header, header.count, start) == header.count else { throw Self.failure(path) }
        return (digest, name)
    }

    private static func digest(_ file: CInt, from start: Int, _ path: String) throws -> String {
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var position = start
        while true {
            let count = pread(file, &buffer, buffer.count, position)
            guard count >= 0 else { throw failure(path) }
            if count == 0 { return "sha256:" + hash.finalize().hexadecimal }
            buffer.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            position += count
        }
    }

    private func write(_ bytes: [UInt8]) throws {
        guard lseek(file, 0, SEEK_END) >= 0 else { throw Self.failure(path) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Self.failure(path) }
            rest = rest.dropFirst(count)
        }
    }

    private static func padding(_ size: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: (TarHeader.blockSize - size % TarHeader.blockSize) % TarHeader.blockSize)
    }

    private static func failure(_ path: String) -> BuildError {
        BuildError(
            "cannot write the image: \(String(cString: strerror(errno)).lowercased())",
            hint: errno == ENOSPC ? "free some space on the disk" : nil)
    }
}
