import Foundation
import Glibc
import TestKit

/// Folders in which the bundled buildpacks build an app in a container of the stack, as `play.py` does it.
struct Play {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    private let scratch: Scratch
    private let apps: String

    /// - Parameter apps: the files of apps by their paths, such as `mine/app.py`; nil for the sample apps.
    init(apps files: [String: String]? = nil) throws {
        scratch = try Scratch()
        apps = files == nil ? "\(Self.root)/Tests/Apps" : "\(scratch.path)/apps"
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/cnb", withIntermediateDirectories: true)
        // The user of the stack, who is not the one of the tests, writes here.
        chmod("\(scratch.path)/cnb", 0o777)
        for (path, text) in files ?? [:] { try write(path, text) }
    }

    func remove() { scratch.remove() }

    /// Changes a file of an app.
    func write(_ path: String, _ text: String) throws {
        let file = URL(filePath: "\(apps)/\(path)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    /// Runs `play.py` where apps are built; what it prints.
    func build(_ words: String...) async throws -> String {
        try await run("build", ["python3", "/play.py"] + words)
    }

    /// Starts a process where apps run; what it prints.
    func serve(_ words: String...) async throws -> String {
        try await run("run", ["python3", "/play.py", "serve"] + words)
    }

    /// Runs a shell command where apps are built.
    func shell(_ command: String) async throws -> String { try await run("build", ["bash", "-c", command]) }

    private func run(_ image: String, _ words: [String]) async throws -> String {
        let certificates = "/etc/ssl/certs/ca-certificates.crt"
        let mounts = [
            "\(scratch.path)/cnb:/cnb", "\(Self.root)/buildpacks:/buildpacks:ro", "\(apps):/apps:ro",
            "\(Self.root)/Tests/BuildpackTests/play.py:/play.py:ro", "\(certificates):\(certificates):ro",
        ]
        var command = ["/usr/bin/docker", "run", "--rm", "--init", "--env", "HOME=/tmp", "--env", "PIP_INDEX_URL"]
        // Others than root could not remove what another user made.
        if getuid() != 0 { command += ["--user", "\(getuid()):\(getgid())"] }
        command += mounts.flatMap { ["--volume", $0] } + ["martlet/stack:\(image)"] + words
        let result = try await Command(command).run()
        guard result.status == 0 else { throw Unmet("\(words.joined(separator: " ")): \(result)") }
        return result.output
    }
}
