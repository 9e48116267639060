/// What a `listen` stream yields.
package enum DatabaseNotification: Hashable, Sendable {
    /// The connection is open (again): look at everything once, notifications may have been missed.
    case reconnected
    /// `NOTIFY channel, 'payload'`; the payload is empty when there was none.
    case message(channel: String, payload: String)
}
