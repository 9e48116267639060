import Glibc

/// A file that has no name, so that nothing is left of a secret when this process ends, however it does.
final class SecretFile: Sendable {
    private let descriptor: CInt

    /// Where another process of the same user finds it, as long as this object lives.
    var path: String { "/proc/\(getpid())/fd/\(descriptor)" }

    /// - Throws: `BuildError` when it cannot be written.
    init(_ text: String) throws(BuildError) {
        let name = "\(Self.folder)/martlet-secret-\(UInt64.random(in: .min ... .max))"
        // Not inherited by the programs that are started.
        descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.failure("make") }
        unlink(name)
        do throws(BuildError) {
            try Self.write(Array(text.utf8), to: descriptor)
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// Memory rather than a disk, where there is such a folder.
    private static var folder: String { access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp" }

    private static func write(_ bytes: [UInt8], to descriptor: CInt) throws(BuildError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure("write") }
            rest = rest.dropFirst(count)
        }
    }

    private static func failure(_ verb: String) -> BuildError {
        BuildError("cannot \(verb) a file for secrets in '\(folder)': \(String(cString: strerror(errno)).lowercased())")
    }
}
