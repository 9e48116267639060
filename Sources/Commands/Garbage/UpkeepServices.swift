package import Platform

/// What commands have done to the machine, which is more than the database.
package struct UpkeepServices: Sendable {
    let collect: @Sendable (App?, _ isDry: Bool) async throws -> [GarbageEntry]
    let drift: @Sendable (App?) async throws -> [Drift]
    let archive: @Sendable (App) async throws -> AppArchive

    /// - Parameters:
    ///   - collect: removes what is of no use any more, of one app or all, or only tells what that would be.
    ///   - drift: finds what differs from what is wanted, of one app or everywhere.
    ///   - archive: writes a file with everything that an app has.
    package init(
        collect: @escaping @Sendable (App?, _ isDry: Bool) async throws -> [GarbageEntry],
        drift: @escaping @Sendable (App?) async throws -> [Drift],
        archive: @escaping @Sendable (App) async throws -> AppArchive
    ) {
        self.collect = collect
        self.drift = drift
        self.archive = archive
    }

    /// Where there is no machine to look after.
    package static let none: UpkeepServices = {
        let refusal = Refusal("there is no machine to look after here")
        return UpkeepServices(
            collect: { _, _ in throw refusal }, drift: { _ in throw refusal }, archive: { _ in throw refusal })
    }()
}
