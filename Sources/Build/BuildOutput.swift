import GitWire
package import Platform

/// Where a build's lines go.
package protocol BuildOutput: Sendable {
    /// Adds a line. Suspends while those before it cannot be kept yet, so that a build cannot outrun its log.
    func add(_ stream: LogLine.Stream, _ text: String) async
}

extension BuildOutput {
    /// Says that a step begins.
    package func step(_ text: String) async { await add(.martlet, "-----> \(text)") }
    /// Says how something ended.
    package func result(_ text: String) async { await add(.martlet, "=====> \(text)") }
    /// Says more about the step.
    package func detail(_ text: String) async { await add(.martlet, "       \(text)") }
    /// Says what went wrong.
    package func problem(_ text: String) async { await add(.martlet, " !     \(text)") }
    /// Adds a line that a program of the build printed, made harmless to terminals; `line` is without its line feed.
    package func printed(_ line: some Collection<UInt8>) async {
        await add(.build, "       \(ControlCharacters.neutralise(line))")
    }
}
