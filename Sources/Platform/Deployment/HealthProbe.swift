/// A question to a process whose answer tells whether it is well.
package struct HealthProbe: Sendable, Hashable, Codable {
    package enum Kind: Sendable, Hashable, Codable {
        /// `GET` of a path, with the app's own host.
        case http(HTTP)
        /// The port takes connections.
        case tcp
        /// A command inside the container exits with 0. Not a shell's, unless it begins with one.
        case command([String])
        /// It has run for so many seconds, and was not restarted meanwhile.
        case uptime(seconds: Double)
    }

    /// What is asked over HTTP, and what a good answer is.
    package struct HTTP: Sendable, Hashable, Codable {
        /// Absolute, such as `/up`.
        package var path: String
        /// Statuses of good answers; empty for 200–399.
        package var statuses: [ClosedRange<Int>]
        /// Headers that are sent beside the usual ones.
        package var headers: [String: String]
        /// What the body of a good answer holds; nil when any will do.
        package var content: String?

        package init(
            path: String, statuses: [ClosedRange<Int>] = [], headers: [String: String] = [:], content: String? = nil
        ) {
            self.path = path
            self.statuses = statuses
            self.headers = headers
            self.content = content
        }
    }

    package var kind: Kind
    /// The port that is asked; nil for the one on which the process listens.
    package var port: Int?
    /// From one question to the next, in seconds; nil for what suits its use.
    package var interval: Double?
    /// For how long an answer is waited for, in seconds.
    package var timeout: Double
    /// How many bad answers in a row mean that a process is not well; nil for what suits its use.
    package var attempts: Int?
    /// From the start of the process to its first good answer, in seconds; nil for what the server is set to.
    package var deadline: Double?

    package init(
        _ kind: Kind, port: Int? = nil, interval: Double? = nil, timeout: Double = 5, attempts: Int? = nil,
        deadline: Double? = nil
    ) {
        self.kind = kind
        self.port = port
        self.interval = interval
        self.timeout = timeout
        self.attempts = attempts
        self.deadline = deadline
    }
}
