import Deploy
import Platform

/// What of one release's processes is not as it is wanted.
struct ReleaseDrift: Sendable {
    let app: AppName
    /// What there is to be.
    let plans: [ProcessPlan]
    /// What is noted as running or starting, and how each is doing.
    let processes: [(process: AppProcess, condition: ProcessCondition)]

    /// One for each process that differs.
    var all: [Drift] {
        // A process whose container is gone is missed, like one that was never started.
        let alive = processes.filter { $0.condition != .gone }.map(\.process)
        let arrangement = Arrangement(plans, running: alive)
        let missing = arrangement.missing.flatMap { start in
            start.indices.map { drift("\(start.plan.type).\($0)", "is wanted and does not run") }
        }
        let surplus = arrangement.surplus.map { drift($0.name, "runs and is not wanted") }
        return missing + surplus + processes.compactMap(problem)
    }

    private func problem(_ process: AppProcess, _ condition: ProcessCondition) -> Drift? {
        switch condition {
        case .gone: return nil
        case .cutOff: return drift(process.name, "is not on its app's network, where alone it is reached")
        case .restarting(let reason, let restarts):
            return drift(process.name, "\(reason) and is being started again (\(restarts) times so far)")
        case .running(let address, _):
            guard process.state == .running, address != process.address else { return nil }
            return drift(process.name, "answers at \(address), and requests go to \(process.address ?? "nowhere")")
        }
    }

    private func drift(_ name: String, _ problem: String) -> Drift { Drift(.process, name, app: "\(app)", problem) }
}
