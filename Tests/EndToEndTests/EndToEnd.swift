import Foundation
import TestKit
import Testing

/// Tests that drive the built program with real clients. One after the other: each has a server, and the machine few cores.
@Suite(.serialized) struct EndToEnd {}

extension TestServer {
    /// The value of a reference in an app's repository; empty when there is none.
    func reference(_ name: String, of app: String) async throws -> String {
        let repository = try await repository(of: app)
        let result = try await Command(["git", "-C", repository, "rev-parse", "--verify", "-q", name]).run()
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The folder of an app's repository.
    func repository(of app: String) async throws -> String {
        "\(data)/repositories/\(try await sql("select id from apps where name = '\(app)'")).git"
    }

    /// The IDs of this server's containers.
    func containers() async throws -> [String] {
        let id = try await sql("select id from installation")
        let result = try await docker("ps", "-aq", "--filter", "label=martlet.installation=\(id)")
        return result.output.split(separator: "\n").map(String.init)
    }

    /// What an unfinished push or a crash must not leave in a repository: locks, quarantines, hidden references of builds.
    func leftovers(in app: String) async throws -> [String] {
        let repository = try await repository(of: app)
        let paths = FileManager.default.enumerator(atPath: repository)?.compactMap { $0 as? String } ?? []
        let files = paths.filter {
            $0.hasSuffix(".lock") || $0.contains("incoming-") || $0.contains("tmp_")
                || $0.contains("refs/martlet/builds/")
        }
        let packed = (try? String(contentsOfFile: "\(repository)/packed-refs", encoding: .utf8)) ?? ""
        return files + packed.split(separator: "\n").map(String.init).filter { $0.contains("refs/martlet/builds/") }
    }

    /// Checks that git finds nothing wrong with an app's repository.
    func checkRepository(of app: String) async throws {
        let check = try await Command(["git", "-C", repository(of: app), "fsck", "--full", "--strict"]).run()
        guard check.status == 0 else { throw Unmet("git fsck: \(check)") }
    }
}
