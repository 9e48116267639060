import Git
package import Logging
import Threads

/// Keeps repositories quick after pushes, in the background: one at a time, and each only when it pays.
package actor RepositoryUpkeep {
    private let logger: Logger
    private var waiting: [String] = []
    private var isRunning = false

    package init(logger: Logger) { self.logger = logger }

    /// Notes that a push changed the repository at `path`.
    package func changed(_ path: String) {
        if !waiting.contains(path) { waiting.append(path) }
        guard !isRunning else { return }
        isRunning = true
        Task { await run() }
    }

    private func run() async {
        while !waiting.isEmpty { await tidy(waiting.removeFirst()) }
        isRunning = false
    }

    private func tidy(_ path: String) async {
        do {
            let references = try await onOwnThread { () throws(GitError) in
                try Repository.packReferences(at: path)
            }
            guard references > 0 else { return }
            logger.info(
                "repository tidied", metadata: ["repository": "\(path)", "references": "\(references)"])
        } catch {
            logger.error("repository cannot be tidied", metadata: ["repository": "\(path)", "error": "\(error)"])
        }
    }
}
