/// What a client sent that is not git's protocol, or not a command line: the text is for that client, in git's words
/// where git has some, with nothing in it that could steer a terminal.
package struct WireError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reason: one line, lower case, without a full stop.
    package let description: String

    init(_ description: String) { self.description = description }

    /// The client closed its side in the middle of something.
    package static let hungUp = WireError("the remote end hung up unexpectedly")

    /// The command line has no words.
    package static let emptyCommand = WireError("no command given; try 'help'")

    /// `reason`, and then what was found instead: in quotes, visible, not too long.
    static func unexpected(_ reason: String, _ found: some Collection<UInt8>) -> WireError {
        WireError("\(reason) '\(ControlCharacters.escape(found, limit: 200))'")
    }

    /// As `unexpected`, without quotes, where git's words have none.
    static func invalid(_ reason: String, _ found: some Collection<UInt8>) -> WireError {
        WireError("\(reason) \(ControlCharacters.escape(found, limit: 200))")
    }
}
