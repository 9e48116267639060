package import ArgumentParser

/// A command that does something, as opposed to a noun that groups some.
package protocol Verb: ParsableCommand {
    /// Does it for the context's caller.
    ///
    /// - Throws: `Refusal` when the caller asks for something that cannot be; other errors are the server's fault.
    func run(in context: CommandContext) async throws
}
