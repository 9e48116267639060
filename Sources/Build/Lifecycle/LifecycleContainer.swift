/// The container in which the programs of buildpacks run.
package protocol LifecycleContainer: Sendable {
    /// Runs a program to its end.
    ///
    /// - Parameters:
    ///   - environment: beside the image's own.
    ///   - output: is given each line that the program prints, without its line feed.
    /// - Returns: its exit code.
    func run(
        _ command: [String], environment: [String: String], directory: String,
        output: @escaping @Sendable (_ line: [UInt8]) async -> Void
    ) async throws -> Int
}
