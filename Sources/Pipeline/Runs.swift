import Foundation
import Platform

/// The runs that go on now, by their build's ID.
package actor Runs {
    private var running: [UUID: Run?] = [:]

    package init() {}

    /// Sees to it that nobody else begins a run of the build.
    ///
    /// - Returns: false when somebody has.
    func reserve(_ build: UUID) -> Bool {
        guard running[build] == nil else { return false }
        running[build] = .some(nil)
        return true
    }

    /// Lets go of a build whose run never began.
    func release(_ build: UUID) { running[build] = nil }

    /// Notes a run until it has ended.
    func add(_ run: Run) {
        running[run.build.id] = run
        Task {
            _ = await run.outcome()
            running[run.build.id] = nil
        }
    }

    /// The builds whose runs go on, or are about to begin.
    var builds: Set<UUID> { Set(running.keys) }

    /// The runs of an app, or of all when nil.
    func list(of app: UUID? = nil) -> [Run] {
        running.values.compactMap(\.self).filter { app == nil || $0.build.appID == app }
    }
}
