import Foundation
import TestKit

/// The repository, objects and packs that the transcripts are about; made once for all tests of a run by `world.py`.
struct World: Sendable {
    static let zero = String(repeating: "0", count: 40)
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().path
    private static let made = Task { try await World() }

    let path: String
    private let ids: [String: String]

    static var shared: World { get async throws { try await made.value } }

    private init() async throws {
        path = try Scratch().path
        try removeAtExit(path)
        let result = try await Command(["/usr/bin/python3", "\(Self.folder)/world.py", path]).run()
        guard result.status == 0 else { throw Unmet("world.py: \(result)") }
        let lines = try String(contentsOfFile: "\(path)/ids", encoding: .utf8).split(separator: "\n")
        ids = Dictionary(
            uniqueKeysWithValues: lines.map { line in
                let words = line.split(separator: " ").map(String.init)
                return (words[0], words[1])
            })
    }

    /// The ID of an object that `world.py` named; `0` is the null ID.
    func id(_ name: String) throws -> String {
        if name == "0" { return Self.zero }
        guard let id = ids[name] else { throw Unmet("no object '\(name)'") }
        return id
    }

    /// The names of objects that begin with `prefix`.
    func names(_ prefix: String) -> [String] { ids.keys.filter { $0.hasPrefix(prefix) }.sorted() }

    /// A command in words of the world: `c2 c3 refs/heads/main`.
    func command(_ text: String) throws -> String {
        let words = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        return try "\(id(words[0])) \(id(words[1])) \(words[2])"
    }

    /// The bytes of a pack.
    func pack(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: "\(path)/packs/\(name)")))
    }

    /// A push of these commands, in words of the world, with a pack unless it is nil.
    func push(
        _ commands: [String], capabilities: String? = Transcript.usual, pack: String? = "empty"
    ) throws -> Transcript {
        try Transcript(commands.map(command), capabilities: capabilities) + (pack.map(self.pack) ?? [])
    }

    /// Plays `transcript` to both sides.
    func play(
        _ transcript: Transcript, prepare: String = "", endless: Bool = false, protocolVersion: String? = nil,
        seconds: Int = 120
    ) async throws -> Play {
        let scratch = try Scratch()
        defer { scratch.remove() }
        try Data(transcript.bytes).write(to: URL(filePath: "\(scratch.path)/in"))
        var environment = ["SECONDS_ALLOWED": "\(seconds)"]
        if endless { environment["HOLD"] = "1" }
        if let protocolVersion { environment["GIT_PROTOCOL"] = protocolVersion }
        let program = [TestServer.program, "serve-stdio", "receive-pack"]
        let result = try await Command(
            ["bash", "\(Self.folder)/play.sh", path, scratch.path, prepare] + program, environment: environment
        ).run()
        guard result.status == 0 else { throw Unmet("play.sh: \(result)") }
        return try Play(
            git: Outcome(folder: scratch.path, side: "git"), ours: Outcome(folder: scratch.path, side: "ours"))
    }
}

private func removeAtExit(_ path: String) throws {
    guard setenv("TEST_WORLD", path, 1) == 0 else { throw Unmet("no environment") }
    atexit {
        if let path = getenv("TEST_WORLD") {
            try? FileManager.default.removeItem(atPath: String(cString: path))
        }
    }
}
