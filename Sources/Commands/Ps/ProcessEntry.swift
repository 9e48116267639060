import Foundation
import Platform

/// A process as lists show it, or a type that should have one and has none.
struct ProcessEntry: Encodable {
    let type: String
    /// nil when there is none.
    let index: Int?
    let release: Int?
    /// How many of its release and type run, and how many there should be; nil for releases that are on their way out.
    let running: Int?
    let wanted: Int?
    let state: String
    let memoryBytes: Int?
    let cpus: Double?
    let restarts: Int
    let startedAt: Date?
    let address: String?
    let container: String?
    let problem: String?

    /// What runs, by release, and what does not although it should.
    ///
    /// - Parameter failures: why what does not run could not be started, by type.
    static func all(
        reports: [ProcessReport], failures: [String: String] = [:], plans: [ProcessPlan], live: Int?, isStopped: Bool
    ) -> [ProcessEntry] {
        let order = plans.map(\.type)
        let rank = { (type: String) in order.firstIndex(of: type) ?? order.count }
        let running = reports.sorted { one, other in
            (-one.release, rank(one.type), one.index) < (-other.release, rank(other.type), other.index)
        }
        let missing = plans.filter { plan in
            !isStopped && plan.quantity > 0 && !reports.contains { $0.release == live && $0.type == plan.type }
        }
        return missing.map { ProcessEntry(missing: $0, live, failures[$0.type]) }
            + running.map { report in
                ProcessEntry(
                    report, plans.first { $0.type == report.type && report.release == live }, beside: reports,
                    isStopped: isStopped)
            }
    }

    private init(missing plan: ProcessPlan, _ live: Int?, _ failure: String?) {
        (type, index, release, running, wanted, state) = (plan.type, nil, live, 0, plan.quantity, "missing")
        (memoryBytes, cpus, restarts, startedAt) = (plan.memoryBytes, plan.cpus, 0, nil)
        (address, container, problem) = (nil, nil, failure)
    }

    private init(_ report: ProcessReport, _ plan: ProcessPlan?, beside reports: [ProcessReport], isStopped: Bool) {
        let same = reports.filter { $0.release == report.release && $0.type == report.type }
        (type, index, release) = (report.type, report.index, report.release)
        running = plan.map { _ in same.filter { $0.state == .running }.count }
        wanted = plan.map { isStopped ? 0 : $0.quantity }
        state = report.state == .running && !report.isReady ? "not ready" : report.state.rawValue
        (memoryBytes, cpus, restarts) = (plan?.memoryBytes, plan?.cpus, report.restarts)
        (startedAt, address, container, problem) = (report.startedAt, report.address, report.container, report.problem)
    }

    /// The columns of `ps list`.
    var cells: [String] {
        [
            index.map { "\(type).\($0)" } ?? type, wanted.map { "\(running ?? 0)/\($0)" } ?? "-",
            release.map { "v\($0)" } ?? "-", state, SizeWords.text(memoryBytes: memoryBytes, cpus: cpus), "\(restarts)",
            startedAt.map { Self.age(Date().timeIntervalSince($0)) } ?? "-", address ?? "-", (problem ?? "").escaped,
        ]
    }

    /// Such as `40 s`, `12 min`, `5 h` and `3 d`.
    static func age(_ seconds: Double) -> String {
        switch max(0, seconds) {
        case let seconds where seconds < 120: "\(Int(seconds)) s"
        case let seconds where seconds < 7_200: "\(Int(seconds / 60)) min"
        case let seconds where seconds < 172_800: "\(Int(seconds / 3_600)) h"
        case let seconds: "\(Int(seconds / 86_400)) d"
        }
    }
}
