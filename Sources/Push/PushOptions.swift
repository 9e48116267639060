package import Platform

/// What a pusher asked for with `git push -o`.
package struct PushOptions: Sendable, Equatable {
    /// Go on when the client leaves.
    package var detach = false
    /// Run cached build steps again.
    package var noCache = false
    /// Say what the push would change, and change nothing.
    package var plan = false
    /// What the release is about; nil when nothing was said.
    package var message: String?
    /// All of them as they were given.
    package private(set) var texts: [String] = []

    package init() {}

    /// - Throws: `Refusal` for an option that does not exist.
    package init(_ options: [String]) throws(Refusal) {
        texts = options
        for option in options {
            switch option {
            case "detach": detach = true
            case "no-cache": noCache = true
            case "plan": plan = true
            case _ where option.hasPrefix("message="):
                message = String(option.dropFirst("message=".count).prefix(500)).escaped
            default:
                throw Refusal(
                    "unknown push option '\(String(option.prefix(60)).escaped)'; use detach, no-cache, plan or message=TEXT"
                )
            }
        }
    }
}
