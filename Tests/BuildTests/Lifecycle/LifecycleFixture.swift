import Docker
import Foundation
import GitWire
import Glibc
import TestKit
import Testing

@testable import Build
@testable import Platform

/// A real Docker engine, a small image as build and run image, and an app's source and buildpacks in a scratch folder.
struct LifecycleFixture {
    let scratch: Scratch
    let docker: DockerClient
    let app: App
    let log: Lines
    let labels: [String: String]
    var settings: BuildpackSettings

    var caches: BuildCaches { Self.caches(scratch) }
    private static func caches(_ scratch: Scratch) -> BuildCaches { BuildCaches(folder: "\(scratch.path)/cache") }

    /// Runs `body`, and removes what it made.
    static func with(_ body: (inout LifecycleFixture) async throws -> Void) async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        var settings = BuildpackSettings(
            buildpacks: "\(scratch.path)/buildpacks", work: "\(scratch.path)/work", cache: Self.caches(scratch).layers,
            installation: UUID())
        (settings.buildImage, settings.runImage) = (TestDocker.image, TestDocker.image)
        try FileManager.default.createDirectory(atPath: settings.buildpacks, withIntermediateDirectories: true)
        let (log, labels) = (Lines(), ["martlet.installation": settings.installation.text])
        try await TestDocker.with { docker in
            var fixture = LifecycleFixture(
                scratch: scratch, docker: docker, app: TestDocker.app(), log: log, labels: labels, settings: settings)
            do {
                try await body(&fixture)
            } catch {
                print(log.text)
                throw error
            }
        } cleanUp: { docker in
            let left = try await docker.containers(labels: labels, all: true)
            for container in left { try await docker.removeContainer(container.id, force: true) }
            for image in try await docker.images(labels: labels) { try await docker.removeImage(image.id, force: true) }
            #expect(left.isEmpty, "containers were left")
        }
    }

    /// What of this installation's containers there is.
    func containers() async throws -> [String] {
        try await docker.containers(labels: labels, all: true).map(\.id)
    }

    /// Writes a file below the scratch folder.
    func write(_ path: String, _ text: String, mode: mode_t = 0o644) throws {
        try scratch.write(path, text, mode: mode)
    }

    /// Writes a buildpack of shell scripts.
    ///
    /// - Parameters:
    ///   - folder: below the scratch folder; nil for one of the server's.
    ///   - toml: more of `buildpack.toml`.
    func buildpack(
        _ id: String, in folder: String? = nil, api: String = "0.10", detect: String = "exit 0",
        build: String = "exit 0", toml: String = ""
    ) throws {
        let folder = folder ?? "buildpacks/\(id.replacing("/", with: "_"))"
        try write(
            "\(folder)/buildpack.toml",
            "api = \"\(api)\"\n[buildpack]\nid = \"\(id)\"\nversion = \"1.0.0\"\n\(toml)\n")
        guard !toml.contains("[[order]]") else { return }
        try write("\(folder)/bin/detect", "#!/bin/sh\nset -eu\n\(detect)\n", mode: 0o755)
        try write("\(folder)/bin/build", "#!/bin/sh\nset -eu\n\(build)\n", mode: 0o755)
    }

    func source(_ number: Int, noCache: Bool = false, variables: [String: String] = [:]) -> BuildSource {
        BuildSource(
            app: app, number: number, commit: .zero, repository: "", noCache: noCache, variables: variables)
    }

    /// A new folder with the app's source.
    func workspace(_ files: [String: String], _ number: Int) throws -> String {
        for (path, text) in files { try write("source-\(number)/\(path)", text) }
        let path = "\(scratch.path)/source-\(number)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    @discardableResult
    func build(
        _ buildpacks: [String] = [], number: Int = 1, noCache: Bool = false, variables: [String: String] = [:],
        files: [String: String] = ["index": "hello"], _ change: (inout BuildpackPlan) -> Void = { _ in }
    ) async throws -> BuildpackBuilder.Product {
        var plan = BuildpackPlan()
        plan.buildpacks = buildpacks
        change(&plan)
        return try await BuildpackBuilder(docker: docker, settings: settings).build(
            plan, source: source(number, noCache: noCache, variables: variables),
            workspace: workspace(files, number), labels: ["martlet.worker": "test"], log: log)
    }

    /// Why a build fails; nil when it does not.
    func failure(
        _ buildpacks: [String] = [], number: Int = 1, files: [String: String] = ["index": "hello"],
        _ change: (inout BuildpackPlan) -> Void = { _ in }
    ) async -> (any Error)? {
        do {
            try await build(buildpacks, number: number, files: files, change)
            return nil
        } catch {
            return error
        }
    }

    /// What a container of `image` prints, to its end.
    func output(
        _ image: ImageDescription, entrypoint: [String]? = nil, _ command: [String]? = nil,
        environment: [String: String] = [:]
    ) async throws -> [String] {
        var spec = ContainerSpec(name: "martlet-test-\(UUID().uuidString)", image: image.id)
        spec.entrypoint = entrypoint
        spec.command = command
        spec.labels = labels
        spec.environment = environment
        let id = try await docker.createContainer(spec)
        try await docker.start(id)
        _ = try await docker.wait(id)
        let lines = try await docker.logs(id, tail: 1000).map(\.text)
        try await docker.removeContainer(id, force: true)
        return lines
    }
}
