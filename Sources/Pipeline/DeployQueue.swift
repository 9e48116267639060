import Foundation
import Platform

/// Decides which runs go on: one at a time for each app, and only so many on the machine.
actor DeployQueue {
    /// A build's place in the queue. Touched by the queue alone.
    private final class Ticket {
        let build: Build
        let since = ContinuousClock.now
        /// How its wait ended; nil while it waits. One that succeeded runs.
        private(set) var outcome: Result<Void, any Error>?
        private var waiter: CheckedContinuation<Void, any Error>?

        init(_ build: Build) { self.build = build }

        var isWaiting: Bool { outcome == nil }

        func end(_ outcome: Result<Void, any Error>) {
            self.outcome = outcome
            waiter?.resume(with: outcome)
            waiter = nil
        }

        func wait(_ waiter: CheckedContinuation<Void, any Error>) {
            if let outcome { waiter.resume(with: outcome) } else { self.waiter = waiter }
        }
    }

    private let slots: Int
    private var tickets: [Ticket] = []

    init(slots: Int) { self.slots = slots }

    /// How many builds wait for their turn.
    var waiting: Int { tickets.count(where: \.isWaiting) }

    /// Suspends until it is this build's turn; `leave` must follow. A build that waits for its app is replaced by a newer one.
    ///
    /// - Parameter waiting: takes, when there is a wait, what for.
    /// - Throws: `RunFailure` when a newer build takes its place; `CancellationError`.
    func enter(_ build: Build, waiting: (String) async -> Void) async throws {
        let waitingOnes = tickets.filter { $0.isWaiting && $0.build.appID == build.appID }
        // Builds need not come in the order of their numbers, which is the order of the pushes.
        if let newer = waitingOnes.first(where: { $0.build.number > build.number }) {
            throw Self.superseded(by: newer.build)
        }
        for older in waitingOnes { drop(older.build, with: Self.superseded(by: build)) }
        let ticket = Ticket(build)
        tickets.append(ticket)
        advance()
        try await withTaskCancellationHandler {
            if ticket.isWaiting { await waiting(obstacle(for: build)) }
            try await withCheckedThrowingContinuation { ticket.wait($0) }
        } onCancel: {
            Task { await drop(build, with: CancellationError()) }
        }
    }

    /// Makes room for the next.
    func leave(_ build: Build) {
        tickets.removeAll { $0.build.id == build.id }
        advance()
    }

    private static func superseded(by newer: Build) -> RunFailure {
        RunFailure(.superseded, "superseded", "build \(newer.number) by \(newer.createdBy) took its place in the queue")
    }

    private func advance() {
        for ticket in tickets where ticket.isWaiting {
            let running = tickets.filter { !$0.isWaiting }
            guard running.count < slots else { return }
            if !running.contains(where: { $0.build.appID == ticket.build.appID }) { ticket.end(.success(())) }
        }
    }

    /// Ends the wait of a build that has not begun to run.
    private func drop(_ build: Build, with error: any Error) {
        guard let index = tickets.firstIndex(where: { $0.build.id == build.id && $0.isWaiting }) else { return }
        tickets.remove(at: index).end(.failure(error))
        advance()
    }

    private func obstacle(for build: Build) -> String {
        let running = tickets.filter { !$0.isWaiting }
        guard let ticket = running.first(where: { $0.build.appID == build.appID }) else {
            return "waiting for a free place: \(running.count) builds are running"
        }
        let seconds = (ContinuousClock.now - ticket.since).components.seconds
        return "waiting for build \(ticket.build.number) (\(ticket.build.createdBy), \(seconds) s)"
    }
}
