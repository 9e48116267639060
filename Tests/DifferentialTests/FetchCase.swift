import Foundation
import TestKit
import Testing

/// What a fetching client says, line by line, and where the answer to it means to differ from git's.
struct FetchCase: Encodable, Sendable {
    /// One of those that `fetches.py` makes: full, empty, detached or headless.
    var repository = "full"
    /// The protocol's version.
    let version: Int
    /// Packets; `0000`, `0001` and `0002` are special ones, `raw:…` is sent as it is, `@name` stands for an ID.
    let lines: [String]
    /// Lines of git's answer that ours has not, as `fetches.py` prints them; nil for any.
    var onlyGit: [String]? = []
    /// Lines of our answer that git's has not.
    var onlyWe: [String] = []

    init(
        _ lines: [String], version: Int = 2, repository: String = "full", onlyGit: [String]? = [], onlyWe: [String] = []
    ) {
        (self.lines, self.version, self.repository) = (lines, version, repository)
        (self.onlyGit, self.onlyWe) = (onlyGit, onlyWe)
    }

    private struct Answers: Decodable {
        let git: [String]
        let ours: [String]
    }

    /// What differs in every answer: a command of version 2 that no client uses.
    private static let notServed = "object-info"

    /// Plays all cases to both, and records where the answers part in another way than they mean to.
    static func check(_ cases: [FetchCase]) async throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "fetches.py").path
        let words = ["/usr/bin/python3", script, TestServer.program, "serve-stdio", "upload-pack"]
        let input = String(decoding: try JSONEncoder().encode(cases), as: UTF8.self)
        let result = try await Command(words).run(input: input)
        guard result.status == 0 else { throw Unmet("fetches.py: \(result)") }
        let answers = try JSONDecoder().decode([Answers].self, from: Data(result.output.utf8))
        #expect(answers.count == cases.count)
        for (one, answers) in zip(cases, answers) {
            let git = answers.git.filter { $0 != notServed }
            let difference = answers.ours.difference(from: git)
            let removed = difference.removals.map(text)
            let added = difference.insertions.map(text)
            let told =
                "\(one.version) \(one.repository)\n\(one.lines.prefix(50).joined(separator: "\n"))\n--- only git\n"
                + removed.joined(separator: "\n") + "\n--- only we\n" + added.joined(separator: "\n")
            #expect(removed == one.onlyGit ?? removed && added == one.onlyWe, "\(told)")
        }
    }

    private static func text(_ change: CollectionDifference<String>.Change) -> String {
        switch change {
        case .insert(_, let line, _), .remove(_, let line, _): line
        }
    }
}
