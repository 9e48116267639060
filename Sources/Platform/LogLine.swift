/// One line of a build's log.
package struct LogLine: Sendable, Equatable {
    package enum Stream: String, Sendable {
        /// Said by Martlet.
        case martlet
        /// Printed by the build.
        case build
        /// Printed by the app while it started.
        case app
    }

    package let stream: Stream
    /// Without a line feed and without control characters other than colours.
    package let text: String

    package init(_ stream: Stream, _ text: String) {
        self.stream = stream
        self.text = text
    }
}
