import Deploy
import Foundation
import TestKit
import Testing

@testable import Pipeline
@testable import Platform

@Suite struct GarbageTests {
    @Test func `where there is too little room what served the longest ago goes first, of any app`() {
        let (shop, blog) = (App(), App())
        let holdings = [
            Self.holding([shop.release(4, age: 1), shop.release(3, age: 5), shop.release(2, age: 30)]),
            Self.holding([blog.release(3, age: 2), blog.release(2, age: 3), blog.release(1, age: 20)]),
        ]
        let layers = Self.layers(holdings)
        // Six images of 10 on a base of 5 that they share.
        #expect(Self.chosen(holdings, layers, limit: 65) == [])
        #expect(Self.chosen(holdings, layers, limit: 64) == [shop.id(2)])
        #expect(Self.chosen(holdings, layers, limit: 54) == [shop.id(2), blog.id(1)])
        // What runs and the release before it stay, however little room there is.
        #expect(Self.chosen(holdings, layers, limit: 0) == [shop.id(2), blog.id(1)])
    }

    @Test func `a site is set aside at once, and its files go later`() async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        for number in [1, 2, 10] {
            let path = "\(scratch.path)/\(number)/css"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try Data(repeating: 1, count: 10_000).write(to: URL(filePath: "\(path)/style.css"))
        }
        let sites = SiteFolders(folder: scratch.path)
        let all = try await sites.list()
        #expect(all.map(\.number) == [1, 2, 10])
        #expect(all.allSatisfy { $0.bytes >= 10_000 })
        try await sites.setAside(all[1])
        // Somebody else was faster.
        try await sites.setAside(all[1])
        #expect(try await sites.list().map(\.number) == [1, 10])
        try await sites.clear()
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted() == ["1", "10"])
        #expect(try await SiteFolders(folder: "\(scratch.path)/none").list().isEmpty)
    }

    private struct App {
        private let ids = (0..<10).map { _ in UUID() }

        func id(_ number: Int) -> UUID { ids[number] }

        /// One that went live so many days ago: less than three means that it is live still.
        func release(_ number: Int, age: Double) -> Release {
            Release(
                id: ids[number], appID: ids[0], number: number, buildID: nil, branch: "main", commit: "", updates: "",
                product: BuildProduct(method: "command", image: "\(ids[0]) \(number)"), config: nil,
                status: age < 3 ? .live : .retired, createdBy: "ann", message: nil,
                summary: nil, createdAt: Date(), liveAt: Date(timeIntervalSinceNow: -age * 86_400), guardUntil: nil,
                weight: nil)
        }
    }

    private static func holding(_ releases: [Release]) -> ImageBudget.Holding {
        ImageBudget.Holding(
            references: ProductReferences(releases: releases),
            images: releases.map { EngineImage(id: $0.product.image, app: $0.appID, names: [], bytes: 15) }, sites: [:])
    }

    private static func layers(_ holdings: [ImageBudget.Holding]) -> [String: [EngineLayer]] {
        let ids = holdings.flatMap(\.images).map(\.id)
        let base = EngineLayer(chain: "base", bytes: 5)
        return Dictionary(uniqueKeysWithValues: ids.map { ($0, [base, EngineLayer(chain: $0, bytes: 10)]) })
    }

    private static func chosen(
        _ holdings: [ImageBudget.Holding], _ layers: [String: [EngineLayer]], limit: Int
    ) -> Set<UUID> {
        ImageBudget.choose(holdings, layers, limit: limit, keep: 5)
    }
}
