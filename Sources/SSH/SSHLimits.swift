/// What a client may take of the server, and for how long.
package struct SSHLimits: Sendable {
    /// From accept to a verified signature.
    package var loginGrace: Duration
    /// How long a login request that libssh dropped without an answer may stay unanswered. A fifth of it after, the
    /// request is refused on libssh's behalf where that is possible; else the client is disconnected when it is over.
    package var authenticationStall: Duration
    /// Silence of the client after which a keepalive is sent, once logged in.
    package var keepAliveInterval: Duration
    /// Keepalives in a row that may go without any sign of life.
    package var maxMissedKeepAlives: Int
    /// From login to the first shell or exec request.
    package var noChannel: Duration
    /// Without a running request, after the first one: an idle `ControlMaster`.
    package var idleConnection: Duration
    /// How long the client may take to close a channel that the server has closed.
    package var channelClose: Duration
    /// Connections at once.
    package var maxConnections: Int
    /// Connections at once that have not logged in.
    package var maxUnauthenticated: Int
    /// Connections at once that have not logged in, from one IPv4 address or one IPv6 /64.
    package var maxUnauthenticatedPerSource: Int
    /// Channels at once on one connection.
    package var maxChannels: Int
    /// Refused login requests on one connection.
    package var maxKeyOffers: Int
    /// Bytes of an exec request's command.
    package var maxExecBytes: Int
    /// `env` requests on one channel.
    package var maxEnvironmentRequests: Int
    /// Bytes of an environment value.
    package var maxEnvironmentBytes: Int
    /// Bytes of one channel that wait to be read; an honest client cannot pass libssh's window of 1,280,000.
    package var maxBufferedBytes: Int

    /// The limits, each with its default.
    package init(
        loginGrace: Duration = .seconds(30),
        authenticationStall: Duration = .seconds(5),
        keepAliveInterval: Duration = .seconds(15),
        maxMissedKeepAlives: Int = 3,
        noChannel: Duration = .seconds(10),
        idleConnection: Duration = .seconds(600),
        channelClose: Duration = .seconds(5),
        maxConnections: Int = 256,
        maxUnauthenticated: Int = 100,
        maxUnauthenticatedPerSource: Int = 20,
        maxChannels: Int = 10,
        maxKeyOffers: Int = 10,
        maxExecBytes: Int = 4096,
        maxEnvironmentRequests: Int = 32,
        maxEnvironmentBytes: Int = 1024,
        maxBufferedBytes: Int = 4 << 20
    ) {
        self.loginGrace = loginGrace
        self.authenticationStall = authenticationStall
        self.keepAliveInterval = keepAliveInterval
        self.maxMissedKeepAlives = maxMissedKeepAlives
        self.noChannel = noChannel
        self.idleConnection = idleConnection
        self.channelClose = channelClose
        self.maxConnections = maxConnections
        self.maxUnauthenticated = maxUnauthenticated
        self.maxUnauthenticatedPerSource = maxUnauthenticatedPerSource
        self.maxChannels = maxChannels
        self.maxKeyOffers = maxKeyOffers
        self.maxExecBytes = maxExecBytes
        self.maxEnvironmentRequests = maxEnvironmentRequests
        self.maxEnvironmentBytes = maxEnvironmentBytes
        self.maxBufferedBytes = maxBufferedBytes
    }
}
