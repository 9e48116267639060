package import Docker
package import Foundation
import Git
import GitWire
import Platform
import Subprocess
import SystemPackage

/// Builds a commit's tree with its Dockerfile, by BuildKit.
package struct DockerfileBuilder: Sendable {
    private let command: DockerCommand
    private let docker: DockerClient
    private let socket: String
    private let contexts: String
    private let installation: UUID
    private let timeout: Duration

    /// - Parameters:
    ///   - contexts: the folder in which each app's source is laid out for the build.
    ///   - installation: marks images as this installation's.
    ///   - timeout: after which a build is stopped.
    package init(
        command: DockerCommand, docker: DockerClient, socket: String, contexts: String, installation: UUID,
        timeout: Duration
    ) {
        self.command = command
        self.docker = docker
        self.socket = socket
        self.contexts = contexts
        self.installation = installation
        self.timeout = timeout
    }

    /// Removes the sources of builds that were cut short.
    func removeLeftovers() throws {
        guard FileManager.default.fileExists(atPath: contexts) else { return }
        try FileManager.default.removeItem(atPath: contexts)
    }

    /// Builds the image and names it `martlet/<app ID>:build-<number>`. Every line goes to `log`.
    ///
    /// - Throws: `BuildError` when the source or a step is at fault; `CancellationError`, with the build stopped.
    package func build(_ source: BuildSource, log: any BuildOutput) async throws -> ImageDescription {
        await log.step("Building \(source.app.name) from its Dockerfile (\(source.commit.short))")
        let context = "\(contexts)/\(source.app.id.text)"
        defer { try? FileManager.default.removeItem(atPath: context) }
        try await export(source, to: context)
        let image = source.imageName
        try await runClient(source, context: context, image: image, log: log)
        guard let description = try await docker.inspectImage(image) else {
            throw BuildError("the build left no image named '\(image)'", hint: "push again")
        }
        return description
    }

    private func export(_ source: BuildSource, to context: String) async throws {
        try? FileManager.default.removeItem(atPath: context)
        try FileManager.default.createDirectory(atPath: contexts, withIntermediateDirectories: true)
        let export = try await Repository.withRepository(at: source.repository) { repository in
            try repository.exportTree(of: source.commit, to: context)
        }
        if let path = export.submodules.first {
            throw BuildError(
                "'\(path.escaped)' is a submodule, which cannot be built yet",
                hint: "add its files to the repository itself")
        }
        if let path = export.lfsPointers.first {
            throw BuildError(
                "'\(path.escaped)' is a Git LFS pointer, whose content is not here",
                hint: "store the file itself: 'git lfs migrate export'")
        }
        guard FileManager.default.fileExists(atPath: "\(context)/Dockerfile") else {
            throw BuildError(
                "no Dockerfile at the top of the repository",
                hint:
                    "add one; three lines do: 'FROM martlet/busybox', 'COPY . /www', 'CMD [\"httpd\", \"-f\", \"-p\", \"5000\", \"-h\", \"/www\"]'"
            )
        }
    }

    private func runClient(_ source: BuildSource, context: String, image: String, log: any BuildOutput) async throws {
        var arguments = command.buildArguments + ["--progress=plain", "--tag", image]
        arguments += [
            "--label", "martlet.installation=\(installation.text)", "--label", "martlet.app=\(source.app.id.text)",
        ]
        if source.noCache { arguments.append("--no-cache") }
        arguments.append(context)
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(3))]
        let client = Configuration(
            executable: .path(FilePath(command.path)), arguments: Arguments(arguments), environment: environment,
            platformOptions: options)
        let (status, failure) = try await withTimeout(timeout) {
            let result = try await run(client, input: .none, output: .sequence, error: .combinedWithOutput) {
                execution in
                try await Self.read(execution.standardOutput, into: log)
            }
            return (result.terminationStatus, result.closureResult)
        }
        try Task.checkCancellation()
        guard status.isSuccess else { throw BuildError(failure ?? "the docker client ended with \(status)") }
    }

    private var environment: Environment {
        .inherit.updating([
            "DOCKER_BUILDKIT": "1", "DOCKER_HOST": "unix://\(socket)", "BUILDKIT_PROGRESS": "plain", "NO_COLOR": "1",
        ])
    }

    /// Hands the output to the log, line by line; returns how it failed, if it says so.
    private static func read(_ output: SubprocessOutputSequence, into log: any BuildOutput) async throws -> String? {
        var progress = PlainProgress()
        var splitter = LineSplitter()
        for try await buffer in output {
            let lines = splitter.append(buffer.withUnsafeBytes { Array($0) })
            for line in lines { await show(line, &progress, log) }
        }
        for line in splitter.finish() { await show(line, &progress, log) }
        return progress.failure
    }

    private static func show(_ line: [UInt8], _ progress: inout PlainProgress, _ log: any BuildOutput) async {
        guard let text = progress.show(ControlCharacters.neutralise(line)) else { return }
        await log.add(.build, "       \(text)")
    }

    /// Runs `body`, cancelling it after `timeout`.
    private func withTimeout<Value: Sendable>(
        _ timeout: Duration, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw BuildError(
                    "the build took longer than \(timeout.components.seconds / 60) minutes and was stopped")
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }
}
