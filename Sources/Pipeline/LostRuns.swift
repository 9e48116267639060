import Foundation
import Platform

/// Ends what runs left behind that could not say how they ended: those of a daemon that is dead, and those that ended while
/// the database was away.
struct LostRuns: Sendable {
    let services: Pipeline.Services

    /// A run that nobody waits for is taken up once more, others have failed.
    ///
    /// - Parameter reason: what is said of one that has failed.
    /// - Throws: when the database cannot be used.
    func end(reason: (Build) -> String) async throws {
        let starting = try await services.releases.all(.starting)
        let unfinished = try await services.builds.unfinished()
        let closers = try await services.apps.closers()
        // Asked last: a run is known before it notes anything, and until it has noted everything.
        let running = await services.runs.builds
        for release in starting where !(release.buildID.map(running.contains) ?? false) {
            _ = try await services.releases.move(release, from: .starting, to: .failed)
        }
        for build in unfinished where !running.contains(build.id) {
            if build.isDetached {
                try await services.builds.rewind(build)
            } else {
                // A worker that builds it learns from the status that it is not wanted.
                try await services.builds.finish(build, .failed, reason: reason(build))
            }
        }
        try await services.apps.open(after: closers.filter { !running.contains($0) })
    }
}
