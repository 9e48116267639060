/// How a process is doing.
package enum ProcessCondition: Sendable, Equatable {
    /// It runs, and answers at `ADDRESS:PORT`.
    case running(at: String)
    /// It ended, and the engine will start it again by itself.
    case restarting
    /// There is none.
    case gone
}
