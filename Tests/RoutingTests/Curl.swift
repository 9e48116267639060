import Subprocess
import SystemPackage

/// curl, which speaks TLS and HTTP/2 for us.
enum Curl {
    struct Answer: Sendable {
        /// curl's own; 0 when an answer came.
        let exit: Int
        /// `HTTP/2 200` or `HTTP/1.1 200 OK`, without what follows the code for HTTP/2.
        let line: String
        let answer: SiteAnswer

        var status: Int { answer.status }
        var headers: [String: String] { answer.headers }
        var body: String { answer.body }
    }

    /// Asks `https://HOST:PORT/PATH` of this machine, whoever signed its certificate.
    static func ask(_ host: String, _ port: Int, _ path: String = "/", _ options: String...) async throws -> Answer {
        try await ask("https", host, port, path, options)
    }

    static func ask(
        _ scheme: String, _ host: String, _ port: Int, _ path: String, _ options: [String]
    ) async throws -> Answer {
        let words =
            ["-sSik", "--path-as-is", "--max-time", "10", "--resolve", "\(host):\(port):127.0.0.1"] + options + [
                "\(scheme)://\(host):\(port)\(path)"
            ]
        let result = try await run("curl", words)
        let line = result.output.prefix { $0 != "\r\n" }
        return Answer(exit: result.exit, line: String(line), answer: SiteAnswer(result.output))
    }

    static func run(_ program: String, _ words: [String]) async throws -> (exit: Int, output: String) {
        let result = try await Subprocess.run(
            .path("/usr/bin/env"), arguments: Arguments([program] + words), output: .string(limit: 16 << 20),
            error: .discarded)
        guard case .exited(let code) = result.terminationStatus else { return (-1, result.standardOutput) }
        return (Int(code), result.standardOutput)
    }
}
