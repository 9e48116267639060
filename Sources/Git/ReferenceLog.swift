import GitWire
import Logging

/// The operator's side of a refused update: the client is told git's few words, the cause is kept here.
enum ReferenceLog {
    private static let logger = Logger(label: "martlet.git")

    /// Logs why `name` could not be changed; returns what the client is told.
    static func failure(_ error: GitError, _ name: ReferenceName, _ repository: String) -> ReferenceRefusal {
        logger.error(
            "reference update failed",
            metadata: [
                "reference": "\(name)", "repository": "\(repository)", "error": "\(error)",
            ])
        return .failed
    }

    /// Logs that an atomic push was torn and `name` could not be given its old value back.
    static func restoreFailed(_ error: GitError, _ name: ReferenceName, _ repository: String) {
        logger.critical(
            "reference not restored after a failed atomic push",
            metadata: [
                "reference": "\(name)", "repository": "\(repository)", "error": "\(error)",
            ])
    }
}
