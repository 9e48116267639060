import Foundation
import Platform
import Testing

@testable import Routing

@Suite struct CertificateNeedsTests {
    private let shop = UUID()
    private let idle = UUID()

    private func wanted(_ base: String, hasDNS: Bool, domains: [String] = []) throws -> [String] {
        let (shopName, idleName) = (try AppName("shop"), try AppName("idle"))
        let hosts =
            domains.map { AppHost(host: $0, appID: shop, app: shopName, isDefault: false, isLive: false) }
            + [
                AppHost(host: "shop.\(base)", appID: shop, app: shopName, isDefault: true, isLive: true),
                AppHost(host: "idle.\(base)", appID: idle, app: idleName, isDefault: true, isLive: false),
            ]
        return CertificateNeeds(baseDomain: base, hasDNS: hasDNS).wanted(for: hosts).map(\.host)
    }

    @Test func `without a DNS provider each host that serves and each domain gets its own`() throws {
        #expect(
            try wanted("apps.example", hasDNS: false, domains: ["www.example", "www.example", "x.apps.example"])
                == ["www.example", "x.apps.example", "shop.apps.example"])
    }

    @Test func `with one a wildcard serves all that is right below the base domain`() throws {
        #expect(
            try wanted("apps.example", hasDNS: true, domains: ["www.example", "x.apps.example", "a.b.apps.example"])
                == ["*.apps.example", "www.example", "a.b.apps.example"])
    }

    @Test(arguments: ["localhost", "box.local", "apps.localhost", "10.0.0.1"])
    func `names that no authority knows are left out`(base: String) throws {
        #expect(try wanted(base, hasDNS: true, domains: ["localhost", "intranet", "a.example"]) == ["a.example"])
        #expect(try wanted(base, hasDNS: false) == [])
    }
}
