/// How a worker ended with a build.
package enum BuildOutcome: Sendable, Equatable {
    case made(BuildProduct)
    /// Nothing that the app is built from has changed since the live release; the reason says what was looked at.
    case skipped(reason: String)
    /// A few words for git's `[remote rejected]` line, and the reason, one line without a full stop.
    case failed(summary: String, reason: String)

    var product: BuildProduct? {
        if case .made(let product) = self { product } else { nil }
    }

    var isSkipped: Bool {
        if case .skipped = self { true } else { false }
    }

    var summary: String? {
        if case .failed(let summary, _) = self { summary } else { nil }
    }

    var reason: String? {
        switch self {
        case .made: nil
        case .skipped(let reason), .failed(_, let reason): reason
        }
    }
}
