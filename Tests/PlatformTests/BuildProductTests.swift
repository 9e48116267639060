import Testing

@testable import Platform

@Suite struct BuildProductTests {
    @Test func `what nobody declared is asked by what the type and its protocol allow`() {
        var product = BuildProduct(method: "dockerfile", image: "sha256:x")
        #expect(product.usualProbe(of: "web", over: .http)?.kind == .tcp)
        #expect(product.usualProbe(of: "worker", over: .http) == nil)
        product.healthPath = "/up"
        #expect(product.usualProbe(of: "web", over: .http)?.kind == .http(.init(path: "/up")))
        #expect(product.usualProbe(of: "web", over: .grpc)?.kind == .tcp)
    }
}
