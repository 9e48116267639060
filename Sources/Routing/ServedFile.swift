import FoundationEssentials
import Glibc

/// A file beside the configuration. Its name changes with its content: the configuration in force and the next one
/// each have their own.
struct ServedFile: Sendable {
    enum Audience: Sendable {
        /// Who started nginx alone.
        case us
        /// nginx's workers too.
        case workers(NginxFolder)
    }

    let path: String
    let audience: Audience
    let text: @Sendable () -> String

    init(_ path: String, for audience: Audience, _ text: @escaping @Sendable () -> String) {
        self.path = path
        self.audience = audience
        self.text = text
    }

    /// Writes it, unless it is there.
    func write() throws(RoutingError) {
        guard access(path, F_OK) != 0 else { return }
        let draft = path + ".new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure }
        let file = fdopen(descriptor, "w")
        let bytes = Array(text().utf8)
        let isWritten = fwrite(bytes, 1, bytes.count, file) == bytes.count
        share(descriptor)
        guard fclose(file) == 0, isWritten, rename(draft, path) == 0 else { throw failure }
    }

    private func share(_ descriptor: Int32) {
        guard case .workers(let folder) = audience else { return }
        if let user = folder.user, let group = getgrnam(user) { fchown(descriptor, 0, group.pointee.gr_gid) }
        fchmod(descriptor, 0o640)
    }

    private var failure: RoutingError {
        RoutingError(operation: "write '\(path)'", reason: String(cString: strerror(errno)).lowercased())
    }

    /// Removes what no file in `kept` is, of those that were written for former configurations.
    static func prune(_ folder: NginxFolder, keeping kept: [ServedFile]) {
        let names = Set(kept.map(\.path))
        for place in [folder.pages, folder.visitors, folder.certificates] {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? [] {
                let path = "\(place)/\(name)"
                if !names.contains(path) { unlink(path) }
            }
        }
    }
}
