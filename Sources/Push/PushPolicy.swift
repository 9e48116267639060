package import Git
package import GitWire
import Platform

/// What is done with the references of a push, apart from git's own rules.
package protocol PushPolicy: Sendable {
    /// The one among these whose reference deploys when it moves; nil when none does.
    func deploying(_ updates: [ReferenceUpdate]) -> ReferenceUpdate?

    /// Whether the reference may be deleted.
    func protectsFromDeletion(_ name: ReferenceName) -> Bool

    /// A line for the pusher about references that were stored and deploy nothing; nil for none.
    func remark(onStored names: [ReferenceName]) -> String?

    /// Makes the new value of `update` live and moves `updates`, of which it is one, with it, all or none.
    ///
    /// - Parameter say: takes lines for the pusher.
    /// - Throws: `PushRejection` when it did not go live; `CancellationError` when the pusher left.
    func deploy(
        _ update: ReferenceUpdate, updates: [ReferenceUpdate], options: PushOptions,
        say: @escaping @Sendable (String) async throws -> Void
    ) async throws

    /// Says what making the new value of `update` live would change, and changes nothing.
    ///
    /// - Parameters:
    ///   - update: nil when nothing among what is pushed deploys.
    ///   - quarantine: holds what was pushed, in front of the repository.
    ///   - say: takes lines for the pusher.
    /// - Throws: when the pusher left.
    func plan(
        _ update: ReferenceUpdate?, in quarantine: Quarantine, options: PushOptions,
        say: @escaping @Sendable (String) async throws -> Void
    ) async throws
}

extension PushPolicy {
    /// Says nothing, as one that deploys nothing may.
    package func plan(
        _ update: ReferenceUpdate?, in quarantine: Quarantine, options: PushOptions,
        say: @escaping @Sendable (String) async throws -> Void
    ) async throws {}
}

/// Why the references of a deployment did not move.
package struct PushRejection: Error {
    /// A few words for git's `[remote rejected]` line.
    package let summary: String

    package init(_ summary: String) { self.summary = summary }
}

/// Stores references and deploys nothing: a plain git server.
package struct StorePolicy: PushPolicy {
    package init() {}
    package func deploying(_ updates: [ReferenceUpdate]) -> ReferenceUpdate? { nil }
    package func protectsFromDeletion(_ name: ReferenceName) -> Bool { false }
    package func remark(onStored names: [ReferenceName]) -> String? { nil }
    package func deploy(
        _ update: ReferenceUpdate, updates: [ReferenceUpdate], options: PushOptions,
        say: @escaping @Sendable (String) async throws -> Void
    ) async throws {}
}
