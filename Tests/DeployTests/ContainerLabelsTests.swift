import Foundation
import Testing

@testable import Deploy

@Suite struct ContainerLabelsTests {
    private let labels = ContainerLabels(installation: UUID(), daemon: UUID())

    @Test func `a command is abandoned once its daemon is gone, or at it no more`() {
        let mine = labels.ofCommand(until: Date())
        #expect(!labels.isAbandoned(mine, isRunning: true))
        #expect(labels.isAbandoned(mine, isRunning: false))
        let later = ContainerLabels(installation: labels.installation, daemon: UUID())
        #expect(later.isAbandoned(mine, isRunning: false))
    }

    @Test func `a command is overdue a minute after its time`() {
        let now = Date(timeIntervalSince1970: 1000)
        let mine = labels.ofCommand(until: now)
        #expect(!ContainerLabels.isOverdue(mine, now: now + 60))
        #expect(ContainerLabels.isOverdue(mine, now: now + 61))
    }

    @Test func `what is no command is never abandoned`() {
        #expect(!labels.isAbandoned(labels.of(UUID()), isRunning: false))
    }
}
