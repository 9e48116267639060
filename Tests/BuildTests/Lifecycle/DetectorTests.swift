import TestKit
import Testing

@testable import Build

@Suite struct DetectorTests {
    private func detect(
        _ groups: [[DetectCandidate]], plans: [String: String] = [:], log: Lines = Lines(),
        _ answer: @escaping @Sendable (String) -> Int
    ) async throws -> (group: [String], container: ScriptedContainer) {
        let folder = try Scratch()
        defer { folder.remove() }
        for (name, text) in plans { try folder.write(name, text) }
        let container = ScriptedContainer { answer($0.command[0]) }
        let detector = Detector(
            container: container, environment: Samples.environment, plans: UntrustedFolder(path: folder.path), log: log)
        return (try await detector.detect(groups).map(\.buildpack.id), container)
    }

    private func candidates(_ ids: String...) throws -> [DetectCandidate] {
        try ids.map {
            DetectCandidate(
                buildpack: try Samples.buildpack($0.replacing("?", with: "")), isOptional: $0.hasSuffix("?"))
        }
    }

    @Test func `the first group that passes is taken, and nobody is asked twice`() async throws {
        let groups = [try candidates("a", "b"), try candidates("a", "c?", "d")]
        let found = try await detect(groups) { $0.contains("/b/") || $0.contains("/c/") ? 100 : 0 }
        #expect(found.group == ["a", "d"])
        #expect(found.container.all.map { $0.command[0] }.filter { $0.contains("/a/") }.count == 1)
    }

    @Test func `a program gets its folders as arguments and as variables`() async throws {
        let found = try await detect([try candidates("a")]) { _ in 0 }
        let call = try #require(found.container.all.first)
        #expect(call.command == ["/cnb/buildpacks/a/1.0.0/bin/detect", "/platform", "/plans/a@1.0.0.toml"])
        #expect(call.environment["CNB_BUILD_PLAN_PATH"] == "/plans/a@1.0.0.toml")
        #expect(call.environment["CNB_PLATFORM_DIR"] == "/platform")
        #expect(call.environment["CNB_BUILDPACK_DIR"] == "/cnb/buildpacks/a/1.0.0")
        #expect(call.environment["CNB_TARGET_ARCH"] == "amd64")
        #expect(call.environment["CNB_TARGET_DISTRO_NAME"] == "debian")
        #expect(call.environment["COLOUR"] == "red")
        #expect(call.environment["PATH"] == "/mine:/bin")
        #expect(call.environment["CNB_X"] == nil)
        #expect(call.environment["CNB_EXEC_ENV"] == nil)
    }

    @Test func `with clear-env the app's variables are in files only`() async throws {
        let buildpack = try Samples.buildpack("a", api: "0.12", "clear-env = true")
        let found = try await detect([[DetectCandidate(buildpack: buildpack)]]) { _ in 0 }
        let call = try #require(found.container.all.first)
        #expect(call.environment["COLOUR"] == nil)
        #expect(call.environment["PATH"] == "/bin")
        #expect(call.environment["CNB_EXEC_ENV"] == "production")
    }

    @Test func `when nothing detects, each buildpack's verdict is told`() async throws {
        let log = Lines()
        let other = try Samples.buildpack("d", "[[targets]]\nos = \"plan9\"")
        let groups = [try candidates("a", "b"), try candidates("c?"), [DetectCandidate(buildpack: other)]]
        let error = await #expect(throws: NothingDetected.self) {
            try await detect(groups, log: log) { $0.contains("/a/") ? 0 : $0.contains("/b/") ? 100 : 3 }
        }
        #expect(
            error?.findings.map(\.description) == [
                "a@1.0.0: pass", "b@1.0.0: fail", "c@1.0.0: err (3)",
                "d@1.0.0: err: it does not run on linux/amd64 with debian",
            ])
        #expect(log.all == [" !     'c@1.0.0' failed to detect (3):", "       ran /cnb/buildpacks/c/1.0.0/bin/detect"])
    }

    @Test func `plans that do not fit together are told`() async throws {
        let groups = [try candidates("a")]
        let error = await #expect(throws: NothingDetected.self) {
            try await detect(groups, plans: ["a@1.0.0.toml": "[[requires]]\nname = \"x\""]) { _ in 0 }
        }
        #expect(error?.misfits == ["'a' requires 'x', which nothing up to it provides"])
    }

    @Test func `a malformed plan names its buildpack`() async throws {
        let groups = [try candidates("a")]
        let error = await #expect(throws: BuildError.self) {
            try await detect(groups, plans: ["a@1.0.0.toml": "\n[[requires"]) { _ in 0 }
        }
        #expect(error?.description.hasPrefix("buildpack 'a@1.0.0': its build plan, line 2: ") == true)
    }
}
