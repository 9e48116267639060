import Foundation
import Threads

/// A program that a test runs, off the cooperative pool.
package struct Command: Sendable {
    /// How a program ended and what it printed.
    package struct Result: Sendable, CustomStringConvertible {
        /// The exit status; for one that a signal ended, 128 and the signal's number.
        package let status: Int32
        package let output: String
        package let errors: String

        /// All that it printed.
        package var text: String { output + errors }

        package var description: String { "status \(status)\n--- output\n\(output)\n--- errors\n\(errors)" }
    }

    package let words: [String]
    package let environment: [String: String]
    package let directory: String?

    /// - Parameter words: the program, looked up on PATH, and its arguments.
    package init(_ words: [String], environment: [String: String] = [:], directory: String? = nil) {
        self.words = words
        self.environment = environment
        self.directory = directory
    }

    /// Runs it to its end.
    package func run(input: String = "") async throws -> Result {
        try await start(input: input).result()
    }

    /// Starts it. Its output is gathered all along.
    package func start(input: String = "") throws -> RunningCommand {
        let environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let process = try PipedProcess(words, environment: environment, directory: directory)
        return RunningCommand(process, input: Array(input.utf8))
    }
}
