import FoundationEssentials
import Subprocess
import SystemPackage

/// The nginx program of this machine.
struct NginxProgram: Sendable {
    let path: String

    /// - Throws: `RoutingError` that names the package when there is none.
    init() throws(RoutingError) {
        let places = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx", "/usr/local/bin/nginx"]
        guard let found = places.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            throw RoutingError(
                operation: "start nginx", reason: "it is not installed; run 'apt-get install nginx-light'")
        }
        path = found
    }

    /// Lets nginx judge a configuration, without using it.
    ///
    /// - Throws: `RoutingError` with nginx's words when it would not take it, without the file and line: nobody wrote them.
    func check(_ configuration: String, _ folder: NginxFolder) async throws(RoutingError) {
        do {
            try await run(["-t", "-q"], configuration, folder, "change nginx's configuration")
        } catch {
            let words = error.reason.firstRange(of: " in \(configuration):").map { error.reason[..<$0.lowerBound] }
            throw RoutingError(operation: error.operation, reason: words.map(String.init) ?? error.reason)
        }
    }

    /// Starts nginx as a daemon, which outlives us. It may take a moment until it answers.
    ///
    /// - Throws: `RoutingError` with nginx's words.
    func launch(_ folder: NginxFolder) async throws(RoutingError) {
        try await run([], folder.configuration, folder, "start nginx")
    }

    /// What nginx was built with; empty when it does not say.
    func options() async -> String {
        let result = try? await Subprocess.run(
            .path(FilePath(path)), arguments: ["-V"], environment: .custom([:]), workingDirectory: "/",
            output: .discarded, error: .string(limit: 64 << 10))
        return result?.standardError ?? ""
    }

    /// Why nginx did not do something: the first `[emerg]` line of what it said; nil when it holds none.
    static func problem(in output: String) -> String? {
        let mark = "[emerg] "
        guard let line = output.split(whereSeparator: \.isNewline).first(where: { $0.contains(mark) }),
            let start = line.firstRange(of: mark)
        else { return nil }
        return String(line[start.upperBound...])
    }

    private func run(
        _ options: [String], _ configuration: String, _ folder: NginxFolder, _ operation: String
    ) async throws(RoutingError) {
        let arguments = options + ["-p", folder.path, "-c", configuration, "-e", folder.errorLog]
        let outcome: (isSuccess: Bool, words: String)
        do {
            // None of our environment: it may hold secrets, and nginx needs none of it.
            let result = try await Subprocess.run(
                .path(FilePath(path)), arguments: Arguments(arguments),
                environment: .custom(["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]),
                workingDirectory: "/", output: .discarded, error: .string(limit: 256 << 10))
            outcome = (result.terminationStatus.isSuccess, result.standardError)
        } catch {
            throw RoutingError(operation: operation, reason: "\(error)")
        }
        guard outcome.isSuccess else {
            throw RoutingError(operation: operation, reason: Self.problem(in: outcome.words) ?? outcome.words)
        }
    }
}
