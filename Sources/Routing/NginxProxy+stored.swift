/// What was written down when routes came in force last, which any process may read.
extension NginxProxy {
    /// The apps whose routes that were applied last are others than these, by name.
    package nonisolated func stale(_ routes: [Route], streams: [StreamRoute] = []) -> Set<String> {
        guard let stored else { return Set(routes.map(\.app)) }
        let routeNames = Set(stored.routes).symmetricDifference(routes).map(\.app)
        return Set(stored.streams).symmetricDifference(streams).reduce(into: Set(routeNames)) { $0.insert($1.app) }
    }

    /// Why apps are not routed as was asked for last.
    package nonisolated var problems: [RoutingProblem] { stored?.problems ?? [] }

    private nonisolated var stored: StoredRoutes? {
        guard let folder = try? NginxFolder(storage) else { return nil }
        return StoredRoutes(folder)
    }
}
