import Foundation
import Platform

/// Decides which runs go on: one at a time for each app, and only so many on the machine.
actor DeployQueue {
    private struct Ticket {
        let build: Build
        let since: ContinuousClock.Instant
        /// nil once it runs.
        var turn: CheckedContinuation<Void, any Error>?
    }

    private let slots: Int
    private var tickets: [Ticket] = []

    init(slots: Int) { self.slots = slots }

    /// How many builds wait for their turn.
    var waiting: Int { tickets.count { $0.turn != nil } }

    /// Suspends until it is this build's turn; `leave` must follow. A build that waits for its app is replaced by a newer one.
    ///
    /// - Parameter waiting: takes, when there is a wait, what for.
    /// - Throws: `RunFailure` when a newer build takes its place; `CancellationError`.
    func enter(_ build: Build, waiting: (String) async -> Void) async throws {
        supersede(by: build)
        if let obstacle = obstacle(for: build) { await waiting(obstacle) }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { turn in
                tickets.append(Ticket(build: build, since: .now, turn: turn))
                if Task.isCancelled { drop(build, with: CancellationError()) }
                advance()
            }
        } onCancel: {
            Task { await drop(build, with: CancellationError()) }
        }
    }

    /// Makes room for the next.
    func leave(_ build: Build) {
        tickets.removeAll { $0.build.id == build.id && $0.turn == nil }
        advance()
    }

    private func advance() {
        for index in tickets.indices where tickets[index].turn != nil {
            let running = tickets.filter { $0.turn == nil }
            guard running.count < slots else { return }
            guard !running.contains(where: { $0.build.appID == tickets[index].build.appID }) else { continue }
            tickets[index].turn?.resume()
            tickets[index].turn = nil
        }
    }

    private func supersede(by newer: Build) {
        for ticket in tickets where ticket.turn != nil && ticket.build.appID == newer.appID {
            let reason = "build \(newer.number) by \(newer.createdBy) took its place in the queue"
            drop(ticket.build, with: RunFailure(.superseded, "superseded", reason))
        }
    }

    /// Ends the wait of a build that has not begun to run.
    private func drop(_ build: Build, with error: any Error) {
        guard let index = tickets.firstIndex(where: { $0.build.id == build.id && $0.turn != nil }) else { return }
        tickets.remove(at: index).turn?.resume(throwing: error)
        advance()
    }

    private func obstacle(for build: Build) -> String? {
        let running = tickets.filter { $0.turn == nil }
        if let ticket = running.first(where: { $0.build.appID == build.appID }) {
            let seconds = (ContinuousClock.now - ticket.since).components.seconds
            return "waiting for build \(ticket.build.number) (\(ticket.build.createdBy), \(seconds) s)"
        }
        return running.count < slots ? nil : "waiting for a free place: \(running.count) builds are running"
    }
}
