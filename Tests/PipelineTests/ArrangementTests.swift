import Foundation
import Testing

@testable import Pipeline
@testable import Platform

@Suite struct ArrangementTests {
    private func plan(_ type: String, _ quantity: Int) -> ProcessPlan {
        ProcessPlan(ProcessDeclaration(type: type, shell: "go"), quantity: quantity)
    }

    private func process(_ type: String, _ index: Int) -> AppProcess {
        AppProcess(
            id: UUID(), appID: UUID(), releaseID: UUID(), type: type, index: index, container: nil, address: nil,
            state: .running, isReady: true, restarts: 0, startedAt: nil, problem: nil, drainUntil: nil)
    }

    @Test func `what is to be and is not is missing, by type and number`() {
        let arrangement = Arrangement(
            [plan("web", 3), plan("worker", 1), plan("clock", 0)],
            running: [process("web", 2), process("worker", 1)])
        #expect(arrangement.words == "web=2")
        #expect(arrangement.missing.map(\.indices) == [[1, 3]])
        #expect(arrangement.surplus.isEmpty)
    }

    @Test func `what is and is not to be is too much: other types, higher numbers, a second of the same`() {
        let running = [process("web", 1), process("web", 1), process("web", 2), process("old", 1)]
        let arrangement = Arrangement([plan("web", 1)], running: running)
        #expect(arrangement.missing.isEmpty)
        #expect(arrangement.surplus.map(\.id) == running.dropFirst().map(\.id))
    }

    @Test func `of types that are renewed, what runs gives way, and others stay`() {
        let running = [process("web", 1), process("worker", 1)]
        let arrangement = Arrangement([plan("web", 2), plan("worker", 1)], running: running, renewing: ["web"])
        #expect(arrangement.words == "web=2" && arrangement.surplus.map(\.type) == ["web"])
    }

    @Test func `renewing starts all of the types that are named, in the place of those that run`() {
        let running = [process("web", 1), process("worker", 1)]
        let plans = [plan("web", 2), plan("worker", 1)]
        let some = Arrangement.renewing(["web"], plans, running: running)
        #expect(some.words == "web=2" && some.surplus.map(\.type) == ["web"])
        let all = Arrangement.renewing([], plans, running: running)
        #expect(all.words == "web=2 worker=1" && all.surplus.count == 2)
    }
}
