import TestKit
import Testing

/// Gives all tests of a suite one authority, and what it reads by plain HTTP.
struct AuthorityTrait: SuiteTrait, TestScoping {
    @TaskLocal static var current: (authority: Authority, web: Webroot)?

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let web = try Webroot("\(scratch.path)/webroot")
        defer { web.stop() }
        try await Authority.with(httpPort: web.port) { authority in
            try await Self.$current.withValue((authority, web)) { try await function() }
        }
    }
}

extension Trait where Self == AuthorityTrait {
    static var authority: Self { Self() }
}
