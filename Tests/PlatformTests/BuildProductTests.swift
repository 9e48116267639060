import Testing

@testable import Platform

@Suite struct BuildProductTests {
    @Test func `what nobody declared is asked by what the type and its protocol allow`() {
        var product = BuildProduct(method: "dockerfile", image: "sha256:x")
        #expect(product.usualProbe(of: "web")?.kind == .tcp)
        #expect(product.usualProbe(of: "worker") == nil)
        product.healthPath = "/up"
        #expect(product.usualProbe(of: "web")?.kind == .http(.init(path: "/up")))
        product.routing = RoutingSettings()
        product.routing?.upstreamProtocol = .grpc
        #expect(product.usualProbe(of: "web")?.kind == .tcp)
    }
}
