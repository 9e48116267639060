import Foundation
import GitWire
import Subprocess
import SystemPackage

/// The recipe of the stack: a folder with a script `build`, which makes its images.
struct StackRecipe: Sendable {
    /// The folder's path.
    let folder: String
    /// Docker's socket.
    let socket: String

    private var script: FilePath { FilePath("\(folder)/build") }

    /// What is made by it carries this label `martlet.stack.version`.
    ///
    /// - Throws: `BuildError` when the script cannot be run.
    func version() async throws -> String {
        let (status, output, errors) = try await ask("--version")
        guard status.isSuccess else {
            throw BuildError(Self.reason(errors) ?? "cannot read the recipe of the stack '\(script)'")
        }
        return output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func ask(_ argument: String) async throws -> (TerminationStatus, output: String, errors: String) {
        do {
            let result = try await Subprocess.run(
                .path(script), arguments: [argument], output: .string(limit: 4_096), error: .string(limit: 65_536))
            return (result.terminationStatus, result.standardOutput, result.standardError)
        } catch {
            throw BuildError("cannot run the recipe of the stack '\(script)': \(error)")
        }
    }

    /// Makes the images, which takes minutes, unless those of this version are there.
    ///
    /// - Parameters:
    ///   - force: also when they are.
    ///   - line: takes each line that says how far it is.
    /// - Throws: `BuildError` that says what is missing; `CancellationError`, with nothing left behind.
    func make(force: Bool, line: @escaping @Sendable ([UInt8]) async -> Void) async throws {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(10))]
        let configuration = Configuration(
            executable: .path(script), arguments: force ? ["--force"] : [], environment: environment,
            platformOptions: options)
        let result = try await Subprocess.run(
            configuration, input: .none, output: .sequence, error: .combinedWithOutput
        ) { execution in
            var last = ""
            var splitter = LineSplitter()
            for try await buffer in execution.standardOutput {
                for text in splitter.append(buffer.withUnsafeBytes { Array($0) }) {
                    last = String(decoding: text, as: UTF8.self)
                    await line(text)
                }
            }
            return last
        }
        try Task.checkCancellation()
        guard result.terminationStatus.isSuccess else {
            throw BuildError(Self.reason(result.closureResult) ?? "the recipe of the stack failed; its lines say why")
        }
    }

    private var environment: Environment {
        let clients = ["/usr/bin/docker"] + DockerCommand.defaultCandidates
        let client = clients.first { FileManager.default.isExecutableFile(atPath: $0) } ?? clients[0]
        return .inherit.updating(["DOCKER": client, "DOCKER_HOST": "unix://\(socket)"])
    }

    /// What the script says when it gives up, in its last line.
    private static func reason(_ text: String) -> String? {
        let last = text.split(separator: "\n").last.map(String.init)
        return last.flatMap { $0.hasPrefix("cannot ") ? $0 : nil }
    }
}
