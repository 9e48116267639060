/// How one thing is that the server needs.
package struct Diagnosis: Sendable, Equatable, Encodable {
    package enum State: String, Sendable, Encodable {
        case ok
        /// It works, but not for long, or not all of it.
        case warning
        case problem
    }

    /// What was looked at, such as `libssh`.
    package let name: String
    package let state: State
    /// What was found: one line.
    package let text: String
    /// What to do; nil when there is nothing to do.
    package let advice: String?

    package init(_ name: String, _ state: State, _ text: String, advice: String? = nil) {
        self.name = name
        self.state = state
        self.text = text
        self.advice = advice
    }
}
