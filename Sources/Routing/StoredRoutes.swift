import FoundationEssentials
import Glibc

/// What was brought in force last, as a restarted daemon and commands find it.
struct StoredRoutes: Codable, Equatable, Sendable {
    /// As they were asked for.
    var routes: [Route] = []
    var streams: [StreamRoute] = []
    /// Those of `streams` whose ports nginx has.
    var open: [StreamRoute] = []
    /// Why not everything is as it was asked for.
    var problems: [RoutingProblem] = []

    /// nil when the file cannot be read, such as one of another version; nothing at all when there is no file.
    init?(_ folder: NginxFolder) {
        guard FileManager.default.fileExists(atPath: folder.routes) else { return }
        guard let data = try? Data(contentsOf: URL(filePath: folder.routes)),
            let stored = try? JSONDecoder().decode(Self.self, from: data)
        else { return nil }
        self = stored
    }

    init(routes: [Route] = [], streams: [StreamRoute] = [], open: [StreamRoute] = [], problems: [RoutingProblem] = []) {
        self.routes = routes
        self.streams = streams
        self.open = open
        self.problems = problems
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
