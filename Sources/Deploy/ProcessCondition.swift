/// How a process is doing.
package enum ProcessCondition: Sendable, Equatable {
    /// It runs, answers at `ADDRESS:PORT`, and was restarted that many times by the engine.
    case running(at: String, restarts: Int)
    /// It ended for the given reason, such as `exited with 1`, and the engine will start it again by itself.
    case restarting(after: String, restarts: Int)
    /// It runs, but somebody took it off its app's network, where alone it is reached.
    case cutOff
    /// There is none.
    case gone
}
