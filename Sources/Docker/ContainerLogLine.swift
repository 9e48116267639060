/// A line that a container printed.
package struct ContainerLogLine: Sendable, Equatable {
    /// Where it was printed to.
    package enum Stream: UInt8, Sendable {
        case output = 1
        case error = 2
    }

    package let stream: Stream
    /// Without the line feed; bytes that are not UTF-8 are replaced.
    package let text: String
}
