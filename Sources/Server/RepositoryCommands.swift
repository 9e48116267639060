import Foundation
import Git
package import Logging
import Platform
import Postgres
import Threads

/// `martlet repositories …`: the state of the apps' repositories, on the machine itself.
package struct RepositoryCommands: Sendable {
    private let configuration: Configuration
    private let logger: Logger

    package init(_ configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Runs `check [APP]`: every object, pack and reference is verified, while pushes go on.
    ///
    /// - Returns: the exit status: 0 when all is sound, 1 when something is not.
    /// - Throws: when the database or the data folder cannot be used.
    package func run(_ words: [String]) async throws -> Int32 {
        guard words.first == "check", words.count <= 2 else {
            complain("usage: martlet repositories check [APP]")
            return 2
        }
        let folder = try DataFolder(configuration.data)
        let database = try await Database.open(configuration, folder, logger)
        let apps: [App]
        do {
            let store = AppStore(database)
            apps =
                try await words.count == 2
                ? [store.named(words[1], for: .local, atLeast: .viewer)] : store.list(visibleTo: .local)
        } catch let refusal as Refusal {
            await database.close()
            complain("martlet: \(refusal)")
            return refusal.exitStatus
        }
        await database.close()
        var status: Int32 = 0
        for app in apps where try await !isSound(app, "\(folder.repositories)/\(app.repositoryName)") { status = 1 }
        return status
    }

    private func isSound(_ app: App, _ path: String) async throws -> Bool {
        guard FileManager.default.fileExists(atPath: path) else {
            print("\(app.name): nothing was pushed yet")
            return true
        }
        let findings = try await Repository.withRepository(at: path) { $0.checkIntegrity() }
        for finding in findings { print("\(app.name): \(finding)") }
        print("\(app.name): \(findings.isEmpty ? "sound" : "\(findings.count) problems; restore it from a backup")")
        return findings.isEmpty
    }

    private func complain(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}
