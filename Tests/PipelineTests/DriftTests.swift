import Deploy
import Foundation
import Testing

@testable import Pipeline
@testable import Platform

@Suite struct DriftTests {
    private static let app = AppName(stored: "shop")

    @Test func `nothing differs when everything that is wanted runs where it is noted`() {
        let drift = Self.drift(
            ["web": 2], [(Self.process("web", 1), Self.fine), (Self.process("web", 2), Self.fine)])
        #expect(drift.isEmpty)
    }

    @Test func `what is wanted and does not run is missed, also when its container is gone`() {
        let drift = Self.drift(
            ["web": 2, "worker": 1], [(Self.process("web", 1), .gone), (Self.process("web", 2), Self.fine)])
        #expect(
            Set(drift.map(\.name)) == ["web.1", "worker.1"]
                && drift.allSatisfy { $0.problem == "is wanted and does not run" })
    }

    @Test func `what runs and is not wanted is told`() {
        let drift = Self.drift(
            ["web": 1], [(Self.process("web", 1), Self.fine), (Self.process("clock", 1), Self.fine)])
        #expect(drift == [Drift(.process, "clock.1", app: "shop", "runs and is not wanted")])
    }

    @Test func `a process that ended or answers elsewhere is told`() {
        let drift = Self.drift(
            ["web": 3],
            [
                (Self.process("web", 3), .cutOff),
                (Self.process("web", 1), .running(at: "10.0.0.9:5000", restarts: 0)),
                (Self.process("web", 2), .restarting(after: "exited with 1", restarts: 4)),
            ])
        #expect(
            drift.map(\.problem) == [
                "is not on its app's network, where alone it is reached",
                "answers at 10.0.0.9:5000, and requests go to 10.0.0.2:5000",
                "exited with 1 and is being started again (4 times so far)",
            ])
    }

    @Test func `what the engine holds for nobody is told, and nothing of builds`() {
        let (app, process) = (UUID(), UUID())
        let resources = EngineResources(
            containers: [
                .init(name: "wanted", app: app, process: process, state: "running"),
                .init(name: "stray", app: app, process: UUID(), state: "exited"),
                .init(name: "build", app: app, process: nil, state: "running"),
                .init(name: "late", app: app, process: nil, state: "running", isOverdue: true),
            ],
            networks: [.init(name: "net", app: app), .init(name: "old-net", app: UUID())],
            volumes: [.init(name: "data", app: app), .init(name: "old-data", app: app)])
        let drift = ResourceDrift(
            resources: resources, processes: [process], apps: [app: Self.app], volumes: ["data"]
        ).all
        #expect(
            drift == [
                Drift(.container, "stray", app: "shop", "is of no process that is wanted (exited)"),
                Drift(.container, "late", app: "shop", "is a command whose time is over (running)"),
                Drift(.network, "old-net", app: nil, "is of no app"),
                Drift(
                    .volume, "old-data", app: "shop", "is of no app; 'docker volume rm' removes it with its files"),
            ])
    }

    private static let fine = ProcessCondition.running(at: "10.0.0.2:5000", restarts: 0)

    private static func drift(
        _ wanted: [String: Int], _ processes: [(AppProcess, ProcessCondition)]
    ) -> [Drift] {
        let plans = wanted.sorted { $0.key < $1.key }.map { type, quantity in
            ProcessPlan(ProcessDeclaration(type: type, shell: "serve"), quantity: quantity)
        }
        return ReleaseDrift(app: app, plans: plans, processes: processes).all
    }

    private static func process(_ type: String, _ index: Int) -> AppProcess {
        AppProcess(
            id: UUID(), appID: UUID(), releaseID: UUID(), type: type, index: index, container: "c",
            address: "10.0.0.2:5000", state: .running, isReady: true, restarts: 0, startedAt: Date(), problem: nil,
            drainUntil: nil)
    }
}
