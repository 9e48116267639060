/// How long a step took.
struct Stopwatch {
    private let start = ContinuousClock.now

    /// Such as `(1.2 s)`.
    var text: String {
        let tenths = Int((ContinuousClock.now - start) / .milliseconds(100))
        return "(\(tenths / 10).\(tenths % 10) s)"
    }
}
