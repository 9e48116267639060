import Postgres

/// What a queued build waits for.
package struct BuildObstacle: Sendable, Equatable {
    /// 1 for the build that comes next.
    package let position: Int
    /// How many builds wait in all.
    package let queued: Int
    /// How many builds are being built.
    package let running: Int
    /// The build of the same app that runs, by whom, and for how many seconds; nil when none does.
    package let ahead: Ahead?
    /// How many seconds a build took lately; nil when there was none.
    package let typicalSeconds: Double?

    package struct Ahead: Sendable, Equatable {
        package let number: Int
        package let user: String
        package let seconds: Int
    }

    /// Says it in a few words, such as `waiting for build 3 (alice, 40 s)`.
    package var description: String {
        if let ahead { return "waiting for build \(ahead.number) (\(ahead.user), \(ahead.seconds) s)" }
        let place = queued > 1 ? ", number \(position) of \(queued) in the queue" : ""
        return "waiting for a free place: \(running) \(running == 1 ? "build is" : "builds are") running\(place)\(wait)"
    }

    /// Roughly, and only where there is something to tell it by.
    private var wait: String {
        guard let typicalSeconds, running > 0 else { return "" }
        let seconds = typicalSeconds * (Double(position) / Double(running)).rounded(.up)
        return seconds < 90 ? ", about \(max(1, Int(seconds))) s" : ", about \(Int((seconds / 60).rounded())) min"
    }
}

extension BuildObstacle {
    init(_ row: Row) throws(DatabaseError) {
        position = try row.get("position")
        queued = try row.get("queued")
        running = try row.get("running")
        typicalSeconds = try row.get("typical_seconds")
        guard let number = try row.get("ahead", as: Int?.self) else {
            ahead = nil
            return
        }
        ahead = Ahead(
            number: number, user: try row.get("ahead_by"), seconds: Int(try row.get("ahead_seconds", as: Double.self)))
    }
}
