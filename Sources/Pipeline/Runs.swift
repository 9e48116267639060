import Foundation
import Platform

/// The runs that go on now.
package actor Runs {
    private var running: [UUID: Run] = [:]

    package init() {}

    /// Notes a run until it has ended.
    func add(_ run: Run) {
        running[run.build.id] = run
        Task {
            _ = await run.outcome()
            running[run.build.id] = nil
        }
    }

    /// Whether the build with that ID runs or waits.
    func contains(_ build: UUID?) -> Bool { build.map { running[$0] != nil } ?? false }

    /// The runs of an app, or of all when nil.
    func list(of app: UUID? = nil) -> [Run] { running.values.filter { app == nil || $0.build.appID == app } }
}
