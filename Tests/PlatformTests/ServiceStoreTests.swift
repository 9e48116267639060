import Testing

@testable import Platform

@Suite struct ServiceStoreTests {
    /// The canary's share of requests, in percent.
    private func share(_ upstreams: [Service.Upstream]) -> Double {
        let total = upstreams.map(\.weight).reduce(0, +)
        let canary = upstreams.filter { $0.address.hasPrefix("new") }.map(\.weight).reduce(0, +)
        return 100 * Double(canary) / Double(total)
    }

    @Test(arguments: [(10, 1, 1), (10, 5, 1), (50, 1, 3), (1, 1, 1), (99, 1, 1), (25, 3, 2), (5, 10, 1)])
    func `all processes of a canary together get its share`(wanted: Int, main: Int, canary: Int) {
        let upstreams = ServiceStore.weighted(
            (1...main).map { "old\($0)" }, (wanted, (1...canary).map { "new\($0)" }))
        #expect(upstreams.count == main + canary)
        #expect(upstreams.allSatisfy { (1...100).contains($0.weight) }, "\(upstreams)")
        #expect(abs(share(upstreams) - Double(wanted)) < max(1, Double(wanted) * 0.15), "\(share(upstreams))")
    }

    @Test func `where only one of both runs, it gets everything`() {
        #expect(ServiceStore.weighted(["old"], (10, [])).map(\.address) == ["old"])
        #expect(ServiceStore.weighted(["old"], nil).map(\.weight) == [1])
    }
}
