/// What a client asks of a channel (RFC 4254 §6.5).
package enum ChannelRequest: Sendable, Equatable {
    /// No command: a greeting is in order.
    case shell
    /// A command line, unparsed; bytes that are no UTF-8 are replaced.
    case exec(String)
}
