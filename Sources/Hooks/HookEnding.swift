/// How a hook ended.
enum HookEnding: Sendable, Equatable {
    case exited(Int32)
    case signalled(Int32)
    /// It was stopped, since it took too long.
    case timedOut
    /// It was stopped, since nobody is interested any more.
    case cancelled

    /// - Parameter status: as `waitpid` gives it, of a process that has ended.
    init(waitStatus status: Int32) {
        let signal = status & 0x7F
        self = signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    }
}
