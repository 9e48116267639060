extension NginxProxy {
    /// The apps whose routes that were applied last are others than these, by name.
    package nonisolated func stale(_ routes: [Route], streams: [StreamRoute] = []) -> Set<String> {
        guard let folder = try? NginxFolder(storage), let stored = StoredRoutes(folder) else {
            return Set(routes.map(\.app))
        }
        let routeNames = Set(stored.routes).symmetricDifference(routes).map(\.app)
        return Set(stored.streams).symmetricDifference(streams).reduce(into: Set(routeNames)) { $0.insert($1.app) }
    }
}
