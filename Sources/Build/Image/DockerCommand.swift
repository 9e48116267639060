import Foundation
import Subprocess
import SystemPackage

/// The docker command-line client, found and asked whether it can drive BuildKit.
package struct DockerCommand: Sendable {
    /// Its path, such as `/usr/bin/docker`.
    package let path: String
    /// What begins a build: `buildx build --load`, or `build` for a client that has BuildKit built in.
    let buildArguments: [String]

    /// The first client among `candidates` (by default those on PATH and in the usual folders) that can use BuildKit.
    /// PATH order is not trusted: a client may be there without buildx.
    ///
    /// - Throws: `BuildError` that says what to install.
    package static func find(candidates: [String] = defaultCandidates) async throws(BuildError) -> DockerCommand {
        for path in candidates where FileManager.default.isExecutableFile(atPath: path) {
            if await output(of: path, ["buildx", "version"]) != nil {
                return DockerCommand(path: path, buildArguments: ["buildx", "build", "--load"])
            }
            // Clients before 23 speak BuildKit themselves.
            if let version = await output(of: path, ["--version"]), let major = majorVersion(version),
                (18..<23).contains(major)
            {
                return DockerCommand(path: path, buildArguments: ["build"])
            }
        }
        throw BuildError(
            "no docker client that can use BuildKit",
            hint: "install Debian's docker.io, or docker-buildx beside a newer client")
    }

    /// `docker` in the usual folders and on PATH.
    package static var defaultCandidates: [String] {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        var seen: Set<String> = []
        return (path.split(separator: ":").map { "\($0)/docker" } + ["/usr/local/bin/docker", "/usr/bin/docker"])
            .filter { seen.insert($0).inserted }
    }

    /// The 20 of `Docker version 20.10.24+dfsg1, build 297e128`.
    static func majorVersion(_ text: String) -> Int? {
        guard let word = text.split(separator: " ").first(where: { $0.first?.isNumber == true }) else { return nil }
        return word.split(separator: ".").first.flatMap { Int($0) }
    }

    private static func output(of path: String, _ arguments: [String]) async -> String? {
        let result = try? await run(
            .path(FilePath(path)), arguments: Arguments(arguments), output: .string(limit: 65_536), error: .discarded)
        guard let result, result.terminationStatus.isSuccess else { return nil }
        return result.standardOutput
    }
}
