import Foundation
import Logging
import Server

/// The program: `serve` and `serve-stdio` are its own, everything else is a command as over SSH.
@main
enum Main {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            exit(try await run(arguments))
        } catch let problem as Configuration.Problem {
            complain("\(problem)")
            exit(78)
        } catch {
            complain("\(error)")
            exit(1)
        }
    }

    private static func run(_ arguments: [String]) async throws -> Int32 {
        switch (arguments.first, arguments.count) {
        case ("serve", 1):
            try await Daemon(try Configuration(), logger: try logger()).run()
            return 0
        case ("serve-stdio", 3) where arguments[1] == "receive-pack":
            let version = ProcessInfo.processInfo.environment["GIT_PROTOCOL"]
            return try await StdioService.receivePack(arguments[2], protocolVersion: version)
        case ("serve-stdio", _):
            complain("usage: martlet serve-stdio receive-pack REPOSITORY")
            return 2
        case ("down", 1):
            try await Shutdown(try Configuration(), logger: try logger(atLeast: .warning)).run()
            return 0
        case ("serve", _):
            complain("usage: martlet serve (its settings are MARTLET_… variables; README.md lists them)")
            return 2
        default:
            return try await LocalCommands(try Configuration(), logger: try logger(atLeast: .warning)).run(arguments)
        }
    }

    /// A command's own output is what matters: of the log only what somebody must act on, unless more is asked for.
    private static func logger(atLeast level: Logger.Level = .trace) throws -> Logger {
        var logger = Logger(label: "martlet") { StreamLogHandler.standardError(label: $0) }
        let configured = try Configuration().logLevel
        logger.logLevel = configured < .info ? configured : max(configured, level)
        return logger
    }

    private static func complain(_ text: String) {
        for line in text.split(separator: "\n") { FileHandle.standardError.write(Data("martlet: \(line)\n".utf8)) }
    }
}
