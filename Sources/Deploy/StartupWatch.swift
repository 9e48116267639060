import Docker
import Platform

/// Waits for a container that was just started until it is healthy.
struct StartupWatch: Sendable {
    /// How many of its last lines explain why it is not.
    private static let lineCount = 30

    let docker: DockerClient
    let container: String
    /// Such as `web.1`.
    let process: String
    let check: ContainerCheck
    /// From start to the last question where the probe says nothing else.
    let limit: Duration
    let report: @Sendable (String) async -> Void

    /// Its address on its network, once it is healthy.
    ///
    /// - Throws: `DeployError` when it ended, or its time is over; `CancellationError`.
    func waitUntilHealthy() async throws -> String {
        let clock = ContinuousClock()
        let began = clock.now
        var pauses = Pauses(check.probe)
        var problems = 0
        var nextReport = Duration.seconds(5)
        while true {
            let state = try await runningState()
            let answer = try await check.answer(of: state)
            if answer == .good, let address = state.addresses[check.network] { return address }
            problems += 1
            let waited = clock.now - began
            if waited >= deadline { throw await late("within \(deadline.seconds.text) s", answer, state) }
            if problems == check.probe.attempts {
                throw await late("in \(problems) attempt\(problems == 1 ? "" : "s")", answer, state)
            }
            if waited >= nextReport, let problem = check.problem(answer, of: state) {
                await report("\(process) is not healthy yet: \(problem)")
                nextReport *= 2
            }
            try await Task.sleep(for: min(pauses.next(), deadline - waited))
        }
    }

    /// From now on Docker starts it again whenever it ends: 100 ms later, and twice as long later each time, up to a
    /// minute. Not before it is healthy, since a restart would hide how it ended.
    ///
    /// - Throws: `DeployError` when it ended meanwhile.
    func keepRunning() async throws {
        do {
            try await docker.setRestartPolicy(.unlessStopped, of: container)
        } catch let error as DockerError where error.status != nil {
            // One that has just ended is refused a moment before it is said to have ended.
            _ = try await within(.seconds(5)) { try await docker.wait(container) }
            _ = try await runningState()
            throw error
        }
    }

    private var deadline: Duration {
        let said = check.probe.deadline.map { Duration.seconds($0) } ?? limit
        // Where time is what is asked for, it is also what is given.
        if case .uptime(let seconds) = check.probe.kind { return max(said, .seconds(seconds + 5)) }
        return said
    }

    private func runningState() async throws -> ContainerState {
        guard let state = try await docker.inspectContainer(container) else {
            throw DeployError("\(process) disappeared while it started")
        }
        // Where others than its first process ran out of memory, it may seem to run on.
        if state.oomKilled || !state.isRunning {
            throw await failure("\(process) \(ContainerEnd.words(state, "while it started"))")
        }
        return state
    }

    private func late(_ when: String, _ answer: ProbeAnswer, _ state: ContainerState) async -> DeployError {
        let problem = check.problem(answer, of: state) ?? "it has no address"
        return await failure("\(process) did not become healthy \(when): \(problem)")
    }

    private func failure(_ description: String) async -> DeployError {
        // Without its lines it is still said what happened.
        let lines = try? await docker.logs(container, tail: Self.lineCount)
        return DeployError(description, lastLines: lines?.map(\.text) ?? [])
    }

    /// How long to wait between questions: hardly at first, since most programs are up soon, and longer then.
    private struct Pauses {
        private var pause: Duration
        private let factor: Int

        init(_ probe: HealthProbe) {
            // Where attempts are counted, they need time between them to mean anything.
            let fixed = probe.interval ?? (probe.attempts == nil ? nil : 5)
            pause = fixed.map { .seconds($0) } ?? .milliseconds(20)
            factor = fixed == nil ? 2 : 1
        }

        mutating func next() -> Duration {
            defer { if factor > 1 { pause = min(pause * factor, .milliseconds(500)) } }
            return pause
        }
    }
}
