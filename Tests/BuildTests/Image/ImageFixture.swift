import Docker
import Foundation
import GitWire
import TestKit
import Testing

@testable import Build
@testable import Platform

/// A folder of files, a real BuildKit, and an app of its own to build.
struct ImageFixture {
    let docker: DockerClient
    let command: DockerCommand
    let folder: Scratch
    let lines = Lines()
    let app: App

    /// Runs `body`, and removes the images that were built.
    static func with(_ files: [String: String], _ body: (ImageFixture) async throws -> Void) async throws {
        let folder = try Scratch()
        defer { folder.remove() }
        for (name, text) in files { try folder.write("context/\(name)", text) }
        let command = try await DockerCommand.find()
        let app = TestDocker.app()
        try await TestDocker.with { docker in
            try await body(ImageFixture(docker: docker, command: command, folder: folder, app: app))
        } cleanUp: { docker in
            do {
                try await docker.removeImage("martlet/\(app.id.text):build-1", force: true)
            } catch let error as DockerError where error.isNotFound {
                // It was never built.
            }
        }
    }

    /// What `body` makes of a Dockerfile.
    static func result<Value>(_ dockerfile: String, _ body: (ImageFixture) async throws -> Value) async throws -> Value
    {
        var result: Value?
        try await with(["Dockerfile": dockerfile]) { result = try await body($0) }
        guard let result else { throw Unmet("no result") }
        return result
    }

    var context: String { "\(folder.path)/context" }

    func source(noCache: Bool = false, variables: [String: String] = [:]) -> BuildSource {
        BuildSource(
            app: app, number: 1, commit: ObjectID.zero, repository: "", noCache: noCache, variables: variables)
    }

    /// Builds the files by a method.
    func build(
        _ method: BuildPlan.Method, noCache: Bool = false, variables: [String: String] = [:], context: String = "",
        installation: UUID = UUID(), limits: BuildLimits = BuildLimits(), enforcer: BuildKitLimits? = nil,
        disk: DiskGuard? = nil
    ) async throws -> ImageDescription {
        var plan = BuildPlan(method)
        plan.context = context
        let images = ImageBuilder(
            command: command, docker: docker, socket: TestDocker.socket, limits: limits, enforcer: enforcer, disk: disk)
        let methods = ImageMethodBuilder(
            images: images, docker: docker, installation: installation, folder: "\(folder.path)/generated")
        return try await methods.build(
            plan: plan, source: source(noCache: noCache, variables: variables), context: self.context,
            stack: "martlet/busybox", log: lines)
    }

    /// How a build fails.
    func failure(
        _ method: BuildPlan.Method, noCache: Bool = false, variables: [String: String] = [:],
        limits: BuildLimits = BuildLimits(), enforcer: BuildKitLimits? = nil, disk: DiskGuard? = nil
    ) async throws -> BuildError {
        do {
            _ = try await build(
                method, noCache: noCache, variables: variables, limits: limits, enforcer: enforcer, disk: disk)
        } catch let error as BuildError {
            return error
        }
        throw Unmet("it was built:\n\(lines.text)")
    }

    /// What a command prints in a container of the image.
    func output(of words: [String]) async throws -> String {
        let run = Command(
            [command.path, "-H", "unix://\(TestDocker.socket)", "run", "--rm", "--init", source().imageName] + words)
        return try await run.run().output
    }
}

extension BuildPlan.Method {
    /// The Dockerfile at the top.
    static var plainDockerfile: Self { .dockerfile(DockerfilePlan()) }

    static func commands(_ commands: [String], start: String? = nil) -> Self {
        var plan = CommandPlan()
        plan.commands = commands
        plan.start = start
        return .command(plan)
    }
}
