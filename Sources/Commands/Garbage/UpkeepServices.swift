package import Platform

/// What commands have done to the machine, which is more than the database.
package struct UpkeepServices: Sendable {
    let collect: @Sendable (App?, _ isDry: Bool) async throws -> [GarbageEntry]
    let drift: @Sendable (App?) async throws -> [Drift]
    let archive: @Sendable (App) async throws -> AppArchive
    let routing: @Sendable (App, _ waits: Bool) async throws -> [String]
    let checkRouting: @Sendable (App, RoutingSettings?, Domain?) async throws -> Void
    let portObstacle: @Sendable (PublishedPort) async throws -> String?

    /// - Parameters:
    ///   - collect: removes what is of no use any more, of one app or all, or only tells what that would be.
    ///   - drift: finds what differs from what is wanted, of one app or everywhere.
    ///   - archive: writes a file with everything that an app has.
    ///   - routing: tells why an app's routes are not as they should be; waits for what was just set where it is to.
    ///   - checkRouting: lets the proxy judge an app's directives with what is to be set or added, each nil for nothing; throws a
    ///     `Refusal` when it does not take them.
    ///   - portObstacle: tells why the machine's port cannot be given to an app; nil when it can.
    package init(
        collect: @escaping @Sendable (App?, _ isDry: Bool) async throws -> [GarbageEntry],
        drift: @escaping @Sendable (App?) async throws -> [Drift],
        archive: @escaping @Sendable (App) async throws -> AppArchive,
        routing: @escaping @Sendable (App, _ waits: Bool) async throws -> [String],
        checkRouting: @escaping @Sendable (App, RoutingSettings?, Domain?) async throws -> Void,
        portObstacle: @escaping @Sendable (PublishedPort) async throws -> String?
    ) {
        self.collect = collect
        self.drift = drift
        self.archive = archive
        self.routing = routing
        self.checkRouting = checkRouting
        self.portObstacle = portObstacle
    }

    /// Where there is no machine to look after.
    package static let none: UpkeepServices = {
        let refusal = Refusal("there is no machine to look after here")
        return UpkeepServices(
            collect: { _, _ in throw refusal }, drift: { _ in throw refusal }, archive: { _ in throw refusal },
            routing: { _, _ in throw refusal }, checkRouting: { _, _, _ in throw refusal },
            portObstacle: { _ in throw refusal })
    }()
}
