import FoundationEssentials
import Glibc

/// The routes that were in force last, as a restarted daemon finds them.
struct StoredRoutes: Codable, Equatable, Sendable {
    var routes: [Route] = []
    var streams: [StreamRoute] = []

    /// nil when the file cannot be read, such as one of another version; none at all when there is no file.
    init?(_ folder: NginxFolder) {
        guard FileManager.default.fileExists(atPath: folder.routes) else { return }
        guard let data = try? Data(contentsOf: URL(filePath: folder.routes)),
            let stored = try? JSONDecoder().decode(Self.self, from: data)
        else { return nil }
        self = stored
    }

    init(routes: [Route] = [], streams: [StreamRoute] = []) {
        self.routes = routes
        self.streams = streams
    }

    func write(_ folder: NginxFolder) throws(RoutingError) {
        do {
            try JSONEncoder().encode(self).write(to: URL(filePath: folder.routes), options: .atomic)
        } catch {
            throw RoutingError(operation: "write '\(folder.routes)'", reason: "\(error)")
        }
        // It holds hashes of passwords.
        chmod(folder.routes, 0o600)
    }
}
