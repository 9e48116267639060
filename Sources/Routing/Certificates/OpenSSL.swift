import Subprocess
import SystemPackage

/// The program `openssl`, which reads certificates for us.
struct OpenSSL: Sendable {
    /// How it ended and what it said.
    struct Result {
        let isSuccess: Bool
        let output: String
        let errors: String
    }

    /// Runs it to its end.
    ///
    /// - Parameter input: its standard input; a private key goes this way only.
    /// - Throws: `RoutingError` when it cannot be run at all.
    func run(_ words: [String], input: String = "") async throws(RoutingError) -> Result {
        do {
            let result = try await Subprocess.run(
                .path("/usr/bin/openssl"), arguments: Arguments(words),
                environment: .custom(["PATH": "/usr/bin:/bin"]), workingDirectory: "/",
                input: .string(input), output: .string(limit: 1 << 18), error: .string(limit: 1 << 18))
            return Result(
                isSuccess: result.terminationStatus.isSuccess, output: result.standardOutput,
                errors: result.standardError)
        } catch {
            throw RoutingError(
                operation: "read a certificate", reason: "\(error); is the package 'openssl' installed?")
        }
    }
}
