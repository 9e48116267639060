import Foundation
import Subprocess
import SystemPackage

/// A program that the doctor asks something.
struct Program: Sendable {
    let path: String

    /// The first of that name in the usual folders and on PATH; nil when there is none.
    init?(_ name: String) {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let paths = (folders + ["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/bin"]).map { "\($0)/\(name)" }
        guard let found = paths.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else { return nil }
        path = found
    }

    init(path: String) { self.path = path }

    /// Whether it ended well, and what it said, without blanks around it.
    func run(_ arguments: [String], _ variables: [String: String] = [:]) async throws -> (
        isSuccess: Bool, output: String, errors: String
    ) {
        var updates: [Environment.Key: String?] = ["LC_ALL": "C"]
        for (name, value) in variables { updates[Environment.Key(stringLiteral: name)] = value }
        let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(arguments), environment: .inherit.updating(updates),
            output: .string(limit: 256 << 10), error: .string(limit: 256 << 10))
        let trimmed = { (text: String) in text.trimmingCharacters(in: .whitespacesAndNewlines) }
        return (result.terminationStatus.isSuccess, trimmed(result.standardOutput), trimmed(result.standardError))
    }
}
