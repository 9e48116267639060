/// What a process answered to the question whether it is well.
enum ProbeAnswer: Sendable, Equatable {
    case good
    /// Why not, such as `GET /up answered 503`.
    case bad(String)
    /// No program listens on the port.
    case refused
}
