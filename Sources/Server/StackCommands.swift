import Build
import Docker
import Foundation
package import Logging
import Platform

/// `martlet stack …`: the image that buildpacks and commands build on, on the machine itself.
package struct StackCommands: Sendable {
    private let configuration: Configuration
    private let logger: Logger

    package init(_ configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Runs `build [--force]` or `list [--json]`.
    ///
    /// - Returns: the exit status.
    /// - Throws: `DockerError` when Docker cannot be used.
    package func run(_ words: [String]) async throws -> Int32 {
        let docker = DockerClient(socket: configuration.dockerSocket, logger: logger)
        let status: Int32
        do {
            status = try await perform(words, configuration.stack(docker))
        } catch {
            try await docker.shutdown()
            guard let problem = error as? BuildError else { throw error }
            complain("martlet: \(problem)\(problem.hint.map { "; \($0)" } ?? "")")
            return 1
        }
        try await docker.shutdown()
        return status
    }

    private func perform(_ words: [String], _ image: StackImage) async throws -> Int32 {
        switch words {
        case ["build"]: report(try await image.ensure(log: Terminal()))
        case ["build", "--force"]: report(try await image.rebuild(log: Terminal()))
        case ["list"]: try await list(image.status())
        case ["list", "--json"]: try await listAsJSON(image.status())
        default:
            complain("usage: martlet stack build [--force] | list [--json]")
            return 2
        }
        return 0
    }

    private func report(_ stack: Stack) {
        print("=====> The stack\(stack.version.map { " \($0)" } ?? "") is ready: \(stack.build), \(stack.run)")
    }

    private func list(_ status: StackStatus) {
        let width = status.images.map(\.name.count).max() ?? 0
        for image in status.images {
            let name = image.name.padding(toLength: width, withPad: " ", startingAt: 0)
            print("\(name)  \(image.id == nil ? "not there yet" : words(of: image).joined(separator: "  "))")
        }
        guard !status.isReady else { return }
        let what = status.isConfigured ? "pulls them" : "makes them anew"
        print("the next build that needs them \(what); so does 'martlet stack build'")
    }

    private func words(of image: StackStatus.Image) -> [String] {
        let day = image.created.map {
            Date(timeIntervalSince1970: TimeInterval($0)).formatted(.iso8601.year().month().day())
        }
        return [
            image.version ?? "configured", image.size.map { "\($0 / 1_000_000) MB" }, day.map { "made \($0)" },
        ].compactMap(\.self)
    }

    private func listAsJSON(_ status: StackStatus) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(status), as: UTF8.self))
    }

    private func complain(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }

    /// Prints lines as they come.
    private struct Terminal: BuildOutput {
        func add(_ stream: LogLine.Stream, _ text: String) async {
            FileHandle.standardOutput.write(Data("\(text)\n".utf8))
        }
    }
}

extension Configuration {
    /// The stack that the settings ask for.
    func stack(_ docker: DockerClient) -> StackImage {
        let configured = stackImage.map { Stack(build: $0, run: stackRunImage ?? $0) }
        return StackImage(
            docker: docker, socket: dockerSocket,
            recipe: stackRecipe ?? ProgramFolder.path("stack", inCheckout: "etc/stack"), configured: configured)
    }
}
