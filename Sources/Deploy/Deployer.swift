package import Foundation
package import Platform

/// Runs the processes of releases on some engine. Nothing above it knows which.
package protocol Deployer: Sendable {
    /// Starts a process of a release and waits until it is healthy. A process that does not become so is removed again.
    ///
    /// - Parameter report: takes lines for the person who waits.
    /// - Returns: where it answers, as `ADDRESS:PORT`.
    /// - Throws: `DeployError` when the release is at fault; `CancellationError`, with nothing left running.
    func start(
        _ process: AppProcess, of release: Release, app: App, report: @Sendable (String) async -> Void
    ) async throws -> String

    /// How a process is doing now.
    func condition(of process: AppProcess, release: Release) async throws -> ProcessCondition

    /// Asks a process to end, ends it after the stop timeout, and removes it. Does nothing when it is gone.
    func stop(_ process: AppProcess) async throws

    /// Ends a process at once and removes it. Does nothing when it is gone.
    func remove(_ process: AppProcess) async throws

    /// Removes every process that Martlet runs for this installation and that is not among `wanted`,
    /// which is asked for after they were listed, so that one that is just being started is not taken for unwanted.
    ///
    /// - Returns: how many there were.
    func removeUnwanted(except wanted: () async throws -> Set<UUID>) async throws -> Int

    /// Removes everything of an app: processes, networks, images.
    func removeApp(_ id: UUID) async throws
}
