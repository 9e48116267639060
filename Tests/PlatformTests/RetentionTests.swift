import Foundation
import Testing

@testable import Platform

@Suite struct RetentionTests {
    @Test func `what serves and what may be rolled back to stays, and the rest goes`() {
        let releases = [
            Self.release(6, .failed, served: false), Self.release(5, .live), Self.release(4, .retired),
            Self.release(3, .failed), Self.release(2, .retired), Self.release(1, .retired),
        ]
        let retention = Retention(ProductReferences(releases: releases), keep: 2)
        #expect(
            retention.images == [
                "5": "v5 is live", "4": "v4 may be rolled back to", "2": "v2 may be rolled back to",
            ])
        #expect(retention.spare.map(\.number) == [2])
        #expect(retention.lossReason { $0.image == "1" } == "v1 is too old to be rolled back to: 2 stay")
        #expect(retention.lossReason { $0.image == "3" } == "v3 did not do well")
        #expect(retention.lossReason { $0.image == "6" } == "v6 never served")
        #expect(retention.lossReason { $0.image == "7" } == "no release was made of it")
    }

    @Test func `releases of one image count once, so that config changes push nothing out`() {
        let releases = [
            Self.release(5, .live, image: "b"), Self.release(4, .retired, image: "b"),
            Self.release(3, .retired, image: "b"), Self.release(2, .retired, image: "a"),
            Self.release(1, .retired, image: "a"),
        ]
        let retention = Retention(ProductReferences(releases: releases), keep: 1)
        #expect(Set(retention.images.keys) == ["a", "b"])
    }

    @Test func `of what must make room the running one and the one before it never go`() {
        let releases = [Self.release(3, .live), Self.release(2, .retired), Self.release(1, .retired)]
        let givenUp = Set(releases.map(\.id))
        let retention = Retention(ProductReferences(releases: releases), keep: 5, givenUp: givenUp)
        #expect(Set(retention.images.keys) == ["3", "2"])
        #expect(retention.spare.isEmpty)
    }

    @Test(arguments: [Release.Status.starting, .switching, .canary])
    func `what is on its way to serve stays`(status: Release.Status) {
        let releases = [Self.release(2, status, served: false), Self.release(1, .live)]
        #expect(Set(Retention(ProductReferences(releases: releases), keep: 1).images.keys) == ["1", "2"])
    }

    @Test func `what still runs stays, also when it failed`() {
        let releases = [Self.release(3, .live), Self.release(2, .retired), Self.release(1, .failed)]
        let retention = Retention(ProductReferences(releases: releases, busy: [releases[2].id]), keep: 1)
        #expect(retention.images["1"] == "processes of v1 still run")
    }

    @Test func `what somebody asked to deploy again stays`() {
        let releases = [
            Self.release(4, .live), Self.release(3, .retired), Self.release(2, .retired), Self.release(1, .retired),
        ]
        let build = Self.build(9, intent: DeployIntent(.deploy, product: 1))
        let retention = Retention(ProductReferences(releases: releases, unfinished: [build]), keep: 1)
        #expect(retention.images["1"] == "build 9 is to deploy v1 again")
        #expect(retention.images["2"] == nil)
        #expect(retention.unfinished == [9])
    }

    @Test func `what was built and is not deployed yet stays`() {
        let built = BuildProduct(method: "command", image: "new")
        let references = ProductReferences(
            releases: [Self.release(1, .live)], unfinished: [Self.build(3, product: built)],
            products: [2: BuildProduct(method: "command", image: "last")])
        #expect(Set(Retention(references, keep: 1).images.keys) == ["1", "new", "last"])
    }

    @Test func `a site stays by its folder, not by its image`() {
        let releases = [
            Self.release(2, .live, image: "a", site: "x/2"), Self.release(1, .failed, image: "a", site: "x/1"),
        ]
        let retention = Retention(ProductReferences(releases: releases), keep: 1)
        #expect(retention.sites == ["x/2": "v2 is live"])
        #expect(!retention.holds(releases[1].product))
    }

    private static func release(
        _ number: Int, _ status: Release.Status, served: Bool = true, image: String? = nil, site: String? = nil
    ) -> Release {
        Release(
            id: UUID(), appID: UUID(), number: number, buildID: nil, branch: "main", commit: "", updates: "",
            product: BuildProduct(
                method: "command", image: image ?? "\(number)",
                site: site.map { BuildProduct.Site(folder: $0, isSinglePage: false) }),
            config: nil, status: status, createdBy: "ann", message: nil, summary: nil, createdAt: Date(),
            liveAt: served ? Date() : nil, guardUntil: nil, weight: nil)
    }

    private static func build(
        _ number: Int, intent: DeployIntent? = nil, product: BuildProduct? = nil
    ) -> Build {
        Build(
            id: UUID(), appID: UUID(), kind: intent == nil ? .build : .deploy, intent: intent, number: number,
            branch: "main", commit: "", status: .queued, stage: nil, createdBy: "ann", message: nil, reason: nil,
            createdAt: Date(), startedAt: nil, finishedAt: nil, updates: "", source: nil, key: nil, isDetached: true,
            noCache: false, worker: nil, cancelledBy: nil, product: product, summary: nil, isSkipped: false, logLines: 0
        )
    }
}
