import Foundation
import Testing

@testable import Deploy

@Suite struct ContainerLabelsTests {
    private let labels = ContainerLabels(installation: UUID(), daemon: UUID())

    @Test func `a command is abandoned once its daemon is gone, or a minute after its time`() {
        let now = Date(timeIntervalSince1970: 1000)
        let mine = labels.ofCommand(until: now)
        #expect(!labels.isAbandoned(mine, now: now))
        #expect(!labels.isAbandoned(mine, now: now + 60))
        #expect(labels.isAbandoned(mine, now: now + 61))
        let later = ContainerLabels(installation: labels.installation, daemon: UUID())
        #expect(later.isAbandoned(mine, now: now))
    }

    @Test func `what is no command is never abandoned`() {
        #expect(!labels.isAbandoned(labels.of(UUID())))
    }
}
