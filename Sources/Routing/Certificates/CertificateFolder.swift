import Foundation
import Glibc
package import Platform
import Synchronization

/// The certificates' files that nginx reads: a folder for each version, which never changes. Only who runs the daemon
/// may enter.
package final class CertificateFolder: Sendable {
    private struct State {
        var certificates: [String: RouteCertificate] = [:]
        /// Whether routes were written since `certificates` changed.
        var isInForce = true
    }

    private let path: String
    private let state = Mutex(State())

    /// Touches nothing yet, and has no certificate until it is loaded.
    ///
    /// - Parameter path: absolute.
    package init(_ path: String) { self.path = path }

    /// The files for a host: its own certificate, or that of the wildcard above it; nil when it has none.
    package func certificate(for host: String) -> RouteCertificate? {
        state.withLock { state in
            state.certificates[host] ?? CertificateNeeds.wildcard(above: host).flatMap { state.certificates[$0] }
        }
    }

    /// Makes the files of what serves, where they are missing. Those that served before stay until `prune`.
    ///
    /// - Throws: `RoutingError` when they cannot be written, `SecretError` when a key cannot be opened: then those of the
    ///   other hosts are there nevertheless.
    package func load(from store: CertificateStore) async throws {
        try Self.make(path)
        var certificates: [String: RouteCertificate] = [:]
        var failure: (any Error)?
        for certificate in try await store.list() {
            guard let version = certificate.issued?.version else { continue }
            do {
                guard let files = try await files(of: version, store) else { continue }
                certificates[certificate.host] = files
            } catch {
                failure = error
            }
        }
        state.withLock { state in
            state.isInForce = state.isInForce && state.certificates == certificates
            state.certificates = certificates
        }
        if let failure { throw failure }
    }

    /// Learns which files a daemon has made of what serves, and makes none.
    package func find(from store: CertificateStore) async throws {
        var certificates: [String: RouteCertificate] = [:]
        for certificate in try await store.list() {
            guard let files = certificate.issued.map({ files(of: $0.version) }), Self.isThere(files) else { continue }
            certificates[certificate.host] = files
        }
        state.withLock { $0.certificates = certificates }
    }

    /// Whether hosts have other files than when routes were last written.
    var isInForce: Bool { state.withLock(\.isInForce) }

    /// Removes the files that no route names any more, to be called once the routes are written.
    ///
    /// - Parameter written: which certificates those were written with.
    func prune(after written: [String: RouteCertificate]) throws {
        let kept = state.withLock { state in
            state.isInForce = state.certificates == written
            return Set((Array(state.certificates.values) + Array(written.values)).map(\.chain))
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: path)
        where !kept.contains("\(path)/\(name)/chain.pem") {
            try FileManager.default.removeItem(atPath: "\(path)/\(name)")
        }
    }

    /// What hosts have now.
    var certificates: [String: RouteCertificate] { state.withLock(\.certificates) }

    /// nil when that version was replaced meanwhile.
    private func files(of version: UUID, _ store: CertificateStore) async throws -> RouteCertificate? {
        let files = files(of: version)
        if Self.isThere(files) { return files }
        let folder = folder(of: version)
        guard let material = try await store.material(of: version) else { return nil }
        // Under its name it is whole, whenever the machine stops.
        let draft = "\(folder).new"
        try? FileManager.default.removeItem(atPath: draft)
        try? FileManager.default.removeItem(atPath: folder)
        try Self.make(draft)
        try Self.write(material.chain, to: "\(draft)/chain.pem")
        try Self.write(material.key, to: "\(draft)/key.pem")
        guard rename(draft, folder) == 0 else { throw Self.failure(folder) }
        return files
    }

    private func folder(of version: UUID) -> String { "\(path)/\(version.text)" }

    private func files(of version: UUID) -> RouteCertificate {
        RouteCertificate(chain: "\(folder(of: version))/chain.pem", key: "\(folder(of: version))/key.pem")
    }

    private static func isThere(_ files: RouteCertificate) -> Bool {
        access(files.chain, R_OK) == 0 && access(files.key, R_OK) == 0
    }

    private static func make(_ folder: String) throws(RoutingError) {
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST, chmod(folder, 0o700) == 0 else { throw failure(folder) }
    }

    private static func write(_ text: String, to file: String) throws(RoutingError) {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(file) }
        defer { close(descriptor) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw failure(file) }
            bytes = bytes.dropFirst(count)
        }
        guard fsync(descriptor) == 0 else { throw failure(file) }
    }

    private static func failure(_ file: String) -> RoutingError {
        RoutingError(operation: "write '\(file)'", reason: String(cString: strerror(errno)).lowercased())
    }
}
