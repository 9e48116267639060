import Git
package import Logging
import Threads

/// Keeps repositories quick after pushes, in the background: one at a time, and each only when it pays.
package actor RepositoryUpkeep {
    /// Seconds that packs stay after they were joined, for readers that have listed but not yet opened them.
    private static let grace = 60

    /// Pushes to one repository after which it is looked at: a look costs a part of what a push does.
    private static let interval = 16

    private let logger: Logger
    private var pushes: [String: Int] = [:]
    private var waiting: [String] = []
    private var isRunning = false

    package init(logger: Logger) { self.logger = logger }

    /// Notes that a push changed the repository at `path`.
    package func changed(_ path: String) {
        pushes[path, default: 0] += 1
        guard pushes[path, default: 0] >= Self.interval else { return }
        pushes[path] = nil
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
            let (references, packs) = try await onOwnThread { () throws(GitError) in
                let references = try Repository.packReferences(at: path)
                guard try Repository.needsConsolidation(at: path, grace: Self.grace) else {
                    return (references, PackConsolidation())
                }
                return try (references, Repository(at: path).consolidatePacks(grace: Self.grace))
            }
            guard references > 0 || packs != PackConsolidation() else { return }
            logger.info(
                "repository tidied",
                metadata: [
                    "repository": "\(path)", "references": "\(references)", "packs": "\(packs.packs)",
                    "removed": "\(packs.removedPacks)",
                ])
        } catch {
            logger.error("repository cannot be tidied", metadata: ["repository": "\(path)", "error": "\(error)"])
        }
    }
}
