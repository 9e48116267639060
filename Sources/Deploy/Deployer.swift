package import Foundation
package import Platform

/// Runs the processes of releases on some engine. Nothing above it knows which.
package protocol Deployer: Sendable {
    /// Starts a process of a release and waits until its startup check passes. One that does not pass is removed again.
    ///
    /// - Parameter report: takes lines for the person who waits.
    /// - Returns: where it answers, as `ADDRESS:PORT`.
    /// - Throws: `DeployError` when the release is at fault; `CancellationError`, with nothing left running.
    func start(
        _ process: AppProcess, as plan: ProcessPlan, of release: Release, app: App,
        report: @escaping @Sendable (String) async -> Void
    ) async throws -> String

    /// How a process is doing now.
    func condition(of process: AppProcess, release: Release) async throws -> ProcessCondition

    /// Asks a running process a question now.
    ///
    /// - Returns: nil for a good answer, else why not, such as `GET /up answered 503`.
    func problem(
        of process: AppProcess, by probe: HealthProbe, release: Release, app: App
    ) async throws -> String?

    /// Ends the program of a process and starts it anew in the same place. Does nothing when it is gone.
    func restart(_ process: AppProcess) async throws

    /// Puts a process that was cut off back on its app's network, which is made anew if need be. Does nothing when it is
    /// gone.
    func reconnect(_ process: AppProcess) async throws

    /// What a process printed last, oldest first; empty when it is gone.
    func lastLines(of process: AppProcess, count: Int) async throws -> [String]

    /// Runs a command of a release in a place of its own, with the release's config and volumes, to its end.
    ///
    /// - Parameter output: takes what it prints, line by line.
    /// - Returns: its exit status.
    /// - Throws: `DeployError` when it cannot be started or its time is over; `CancellationError`; nothing is left of
    ///   it.
    func run(
        _ job: OneOff, of release: Release, app: App, output: @escaping @Sendable (String) async -> Void
    ) async throws -> Int

    /// Asks a process to end, ends it after `seconds`, and removes it. Does nothing when it is gone.
    func stop(_ process: AppProcess, within seconds: Int) async throws

    /// Ends a process at once and removes it. Does nothing when it is gone.
    func remove(_ process: AppProcess) async throws

    /// Removes every process that Martlet runs for this installation and that is not among `wanted`, which is asked
    /// for after they were listed, so that one that is just being started is not taken for unwanted; commands of
    /// their own too, once their time is over or whoever ran them is gone; and networks of apps that are not among
    /// `existing`, which is asked for after them as well.
    ///
    /// - Returns: how many there were.
    func removeUnwanted(
        except wanted: () async throws -> Set<UUID>, apps existing: () async throws -> Set<UUID>
    ) async throws -> Int

    /// Removes a volume, `Volume.engineName`, with all its files.
    ///
    /// - Returns: whether it is gone: false while a process has it.
    func removeVolume(_ name: String) async throws -> Bool

    /// The images that were built for apps.
    func images() async throws -> [EngineImage]

    /// The steps that an image was made in, first to last; empty when it is gone or does not tell.
    func layers(of image: String) async throws -> [EngineLayer]

    /// Removes an image, with the names that builds gave it.
    ///
    /// - Returns: false when a container was made of it: it stays.
    func remove(_ image: EngineImage) async throws -> Bool

    /// What there is for this installation beside images.
    func resources() async throws -> EngineResources

    /// Removes everything of an app: processes, networks, images, volumes.
    func removeApp(_ id: UUID) async throws

    /// Says whenever a process ended, was removed, or ran out of memory; and when the engine came back.
    func changes() -> AsyncStream<Void>
}
