import ArgumentParser
import Foundation
package import Logging
import Platform

/// Runs one command line to its exit status: 0 done, 1 refused, 2 wrong usage, 70 our fault.
package struct CommandLineRunner: Sendable {
    private let context: CommandContext
    private let logger: Logger

    package init(context: CommandContext, logger: Logger) {
        self.context = context
        self.logger = logger
    }

    /// Parses and runs `words`. What is shown goes to the conversation.
    ///
    /// - Throws: when the client is gone.
    package func run(_ words: [String]) async throws -> Int32 {
        try await tellNotices()
        let verb: any Verb
        do {
            var parsed = try Martlet.parseAsRoot(Self.splitColon(words))
            guard let found = parsed as? any Verb else {
                // A noun alone and `help` do nothing but throw the text to show.
                try parsed.run()
                return 0
            }
            verb = found
        } catch {
            return try await explain(usage: error)
        }
        do {
            try await verb.run(in: context)
            return 0
        } catch let refusal as Refusal {
            try await context.conversation.printError(" !     \(refusal)")
            return refusal.exitStatus
        } catch let error as SecretError {
            // It says what to do, and only the key file's path besides: an incident's number would say less.
            try await context.conversation.printError(" !     \(error)")
            return 70
        } catch {
            return try await report(error, doing: words)
        }
    }

    /// Tells the caller, as talk, what Martlet did to their apps by itself since they were here; once.
    ///
    /// - Throws: when the client is gone.
    package func tellNotices() async throws {
        let notices: [Notice]
        do {
            notices = try await context.notices.unseen(for: context.caller)
        } catch {
            // What was asked for matters more, and says itself what it cannot do.
            return logger.warning("cannot read notices", metadata: ["error": "\(error)"])
        }
        for notice in notices {
            try await context.say(" !     app '\(notice.app)', \(notice.at.minute): \(notice.text)")
        }
        do {
            try await context.notices.markSeen(notices, by: context.caller)
        } catch {
            logger.warning("cannot note which notices were seen", metadata: ["error": "\(error)"])
        }
    }

    /// `apps:create x` is `apps create x`.
    static func splitColon(_ words: [String]) -> [String] {
        guard let first = words.first, let colon = first.firstIndex(of: ":") else { return words }
        return [String(first[..<colon]), String(first[first.index(after: colon)...])] + words.dropFirst()
    }

    /// Shows what the parser has to say: help as data, wrong usage as talk.
    private func explain(usage error: any Error) async throws -> Int32 {
        let text = Martlet.fullMessage(for: error)
        if Martlet.exitCode(for: error).isSuccess {
            try await context.conversation.print(text)
            return 0
        }
        try await context.conversation.printError(text)
        return 2
    }

    private func report(_ error: any Error, doing words: [String]) async throws -> Int32 {
        if Task.isCancelled { throw CancellationError() }
        let incident = UUID().text.prefix(8)
        logger.error(
            "command failed",
            metadata: [
                "incident": "\(incident)", "command": "\(words.prefix(2).joined(separator: " ").escaped)",
                "error": "\(error)",
            ])
        try await context.conversation.printError(
            " !     something failed on the server; tell the admin: incident \(incident)")
        return 70
    }
}
