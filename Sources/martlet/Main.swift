import Foundation
import Logging
import Server

/// The program: `serve`, `down`, `worker`, `hooks` and others that act on this machine are its own, everything else is a command as over SSH.
@main
enum Main {
    static func main() async {
        do {
            exit(try await run(Array(CommandLine.arguments.dropFirst())))
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
            let configuration = try Configuration()
            try await Daemon(configuration, logger: logger(configuration.logLevel)).run()
            return 0
        case ("down", 1):
            let configuration = try Configuration()
            try await Shutdown(configuration, logger: quietLogger(configuration.logLevel)).run()
            return 0
        case ("worker", 1):
            let configuration = try Configuration()
            try await WorkerProcess(configuration, logger: logger(configuration.logLevel)).run()
            return 0
        case ("workers", 3) where ["add", "remove"].contains(arguments[1]):
            let configuration = try Configuration()
            return try await WorkerCommands(configuration, logger: quietLogger(configuration.logLevel))
                .run(arguments[1], arguments[2])
        case ("hooks", _):
            return try HookCommands(Configuration()).run(Array(arguments.dropFirst()))
        case ("repositories", _):
            let configuration = try Configuration()
            return try await RepositoryCommands(configuration, logger: quietLogger(configuration.logLevel))
                .run(Array(arguments.dropFirst()))
        case ("stack", _):
            let configuration = try Configuration()
            return try await StackCommands(configuration, logger: quietLogger(configuration.logLevel))
                .run(Array(arguments.dropFirst()))
        case ("serve-stdio", 3) where arguments[1] == "receive-pack":
            let version = ProcessInfo.processInfo.environment["GIT_PROTOCOL"]
            return try await StdioService.receivePack(arguments[2], protocolVersion: version)
        case ("serve-stdio", 3) where arguments[1] == "upload-pack":
            let version = ProcessInfo.processInfo.environment["GIT_PROTOCOL"]
            return try await StdioService.uploadPack(arguments[2], protocolVersion: version)
        case ("serve-stdio", _):
            complain("usage: martlet serve-stdio receive-pack|upload-pack REPOSITORY")
            return 2
        case ("serve", _), ("down", _), ("worker", _):
            complain("usage: martlet serve|down|worker (settings are MARTLET_… variables; README.md lists them)")
            return 2
        default:
            let configuration = try Configuration()
            return try await LocalCommands(configuration, logger: quietLogger(configuration.logLevel)).run(arguments)
        }
    }

    private static func logger(_ level: Logger.Level) -> Logger {
        var logger = Logger(label: "martlet") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = level
        return logger
    }

    /// For a command, whose own output is what matters: only what somebody must act on, unless details are asked for.
    private static func quietLogger(_ level: Logger.Level) -> Logger {
        logger(level < .info ? level : max(level, .warning))
    }

    private static func complain(_ text: String) {
        for line in text.split(separator: "\n") { FileHandle.standardError.write(Data("martlet: \(line)\n".utf8)) }
    }
}
