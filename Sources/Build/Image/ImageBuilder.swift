package import Docker
import Foundation
import GitWire
import Subprocess
import SystemPackage

/// Builds images with BuildKit, through a docker client. Builds do not know of each other: any number may run at once.
package struct ImageBuilder: Sendable {
    private let command: DockerCommand
    private let docker: DockerClient
    private let socket: String
    private let limits: BuildLimits
    private let enforcer: BuildKitLimits?
    private let disk: DiskGuard?

    /// - Parameters:
    ///   - socket: the path of the Docker daemon's unix socket.
    ///   - enforcer: holds the steps to `limits`; nil for no limits of memory, processors and processes.
    ///   - disk: watches the disk; nil for no limits of disk.
    package init(
        command: DockerCommand, docker: DockerClient, socket: String, limits: BuildLimits = BuildLimits(),
        enforcer: BuildKitLimits? = nil, disk: DiskGuard? = nil
    ) {
        self.command = command
        self.docker = docker
        self.socket = socket
        self.limits = limits
        self.enforcer = enforcer
        self.disk = disk
    }

    /// Builds the image and gives it its name. Every line goes to `log`.
    ///
    /// A cancelled build's steps are gone within seconds, whether they heed signals or not: the client's end makes
    /// BuildKit kill them.
    ///
    /// - Throws: `BuildError` when a step failed, or took more than it may; `CancellationError`, with the build stopped.
    package func build(_ recipe: ImageRecipe, log: any BuildOutput) async throws -> ImageDescription {
        try await BuildGuard(time: limits.time, disk: disk).run { try await make(recipe, log) }
    }

    private func make(_ recipe: ImageRecipe, _ log: any BuildOutput) async throws -> ImageDescription {
        let lease = await enforcer?.begin(log: log)
        defer { lease?.end() }
        let (isSuccess, progress) = try await runClient(recipe, log: log)
        try Task.checkCancellation()
        guard isSuccess else { throw try await explain(progress, recipe, lease, log) }
        if let summary = progress.summary { await log.detail(summary) }
        guard let description = try await docker.inspectImage(recipe.tag) else {
            throw BuildError("the build left no image named '\(recipe.tag)'", hint: "push again")
        }
        return description
    }

    private func runClient(_ recipe: ImageRecipe, log: any BuildOutput) async throws -> (Bool, PlainProgress) {
        let secrets = try SecretArguments(recipe.secrets)
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(3))]
        let client = Configuration(
            executable: .path(FilePath(command.path)),
            arguments: Arguments(arguments(recipe) + secrets.arguments + ["--", recipe.context]),
            environment: environment, platformOptions: options)
        let title = recipe.title
        let result = try await run(client, input: .none, output: .sequence, error: .combinedWithOutput) { execution in
            try await Self.read(execution.standardOutput, title, into: log)
        }
        withExtendedLifetime(secrets) {}
        return (result.terminationStatus.isSuccess, result.closureResult)
    }

    private func arguments(_ recipe: ImageRecipe) -> [String] {
        var arguments = command.buildArguments + ["--progress=plain", "--tag", recipe.tag, "--file", recipe.dockerfile]
        for (name, value) in recipe.labels.sorted(by: { $0.key < $1.key }) {
            arguments += ["--label", "\(name)=\(value)"]
        }
        if let target = recipe.target { arguments += ["--target", target] }
        if recipe.noCache { arguments.append("--no-cache") }
        return arguments
    }

    /// What the client needs to know; our own environment may hold secrets.
    private var environment: Environment {
        let ours = ProcessInfo.processInfo.environment
        var environment: [Environment.Key: String] = [
            "PATH": "/usr/local/bin:/usr/bin:/bin", "DOCKER_BUILDKIT": "1", "DOCKER_HOST": "unix://\(socket)",
            "NO_COLOR": "1",
        ]
        // Where it finds the passwords of registries.
        if let home = ours["HOME"] { environment["HOME"] = home }
        if let folder = ours["DOCKER_CONFIG"] { environment["DOCKER_CONFIG"] = folder }
        return .custom(environment)
    }

    /// Hands the output to the log, line by line, and waits for the log: a client whose output nobody takes waits too.
    private static func read(
        _ output: SubprocessOutputSequence, _ title: @escaping @Sendable (StepTitle) -> StepTitle?,
        into log: any BuildOutput
    ) async throws -> PlainProgress {
        var progress = PlainProgress(title: title)
        var splitter = LineSplitter()
        for try await buffer in output {
            for line in splitter.append(buffer.withUnsafeBytes { Array($0) }) {
                for shown in progress.take(line) { await shown.add(to: log) }
            }
            for shown in progress.pause() { await shown.add(to: log) }
        }
        for line in splitter.finish() {
            for shown in progress.take(line) { await shown.add(to: log) }
        }
        return progress
    }

    private func explain(
        _ progress: PlainProgress, _ recipe: ImageRecipe, _ lease: BuildKitLimits.Lease?, _ log: any BuildOutput
    ) async throws -> BuildError {
        guard let failure = progress.failure else {
            return BuildError("the docker client failed without a word", hint: "push again; an admin can run 'doctor'")
        }
        if failure.isBuried, !failure.lastLines.isEmpty {
            await log.result("Last output of '\(ControlCharacters.neutralise(failure.command.utf8))'")
            for line in failure.lastLines { await log.printed(line.utf8) }
        }
        if let excess = lease?.excess(of: failure) {
            return BuildError("\(failure.description): \(excess.description)", hint: excess.hint)
        }
        let hint = FailureHint(
            context: recipe.context, localImages: try await baseImages(), secrets: recipe.secrets.map(\.id),
            honoursIgnoreFile: recipe.honoursIgnoreFile)
        return BuildError(failure.description, hint: hint.text(for: failure))
    }

    /// The images made on this machine to build on; those of apps are not for others.
    private func baseImages() async throws -> [String] {
        try await docker.images(labels: [:]).flatMap(\.names).filter {
            $0.hasPrefix("martlet/") && !$0.contains(":build-")
        }.sorted()
    }
}
