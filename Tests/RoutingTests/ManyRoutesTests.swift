import Foundation
import Platform
import Routing
import Testing

/// How long a change takes with many apps; told, not judged.
@Suite(.enabled(if: ProxyFixture.isMeasured, "set ROUTING_NUMBERS to measure"), .serialized, .timeLimit(.minutes(5)))
struct ManyRoutesTests {
    @Test(arguments: ["plain", "one certificate", "a certificate for each host"])
    func `one of 300 apps changes`(kind: String) async throws {
        try await ProxyFixture.with { fixture in
            let backends = [try Backend("0"), try Backend("1")]
            var routes: [Route] = []
            let shared = try await fixture.certificate("shared.example")
            for number in 0..<300 {
                var endpoints: [Route.Endpoint] = []
                for host in ["app-\(number).example", "www-\(number).example"] {
                    var certificate = kind == "one certificate" ? shared : nil
                    if kind.hasPrefix("a ") { certificate = try await fixture.certificate(host) }
                    endpoints.append(Route.Endpoint(host: host, certificate: certificate))
                }
                routes.append(
                    Route(app: "app-\(number)", endpoints: endpoints, upstreams: [.init(address: backends[0].address)]))
            }
            let clock = ContinuousClock()
            print(kind, "first:", try await clock.measure { try await fixture.proxy.apply(routes) })
            for turn in 1...6 {
                routes[7].upstreams = [.init(address: backends[turn % 2].address)]
                let time = try await clock.measure { try await fixture.proxy.apply(routes) }
                print(kind, "change \(turn):", time)
                guard kind == "plain" else { continue }
                #expect(await fixture.ask("/", host: "app-7.example").body.hasPrefix("\(turn % 2)\n"))
            }
            print(kind, "nothing:", try await clock.measure { try await fixture.proxy.apply(routes) })
        }
    }
}
