/// Amounts, as people read them.
enum Words {
    /// Bytes, rounded down but never to nothing, such as `12 KiB`, `409 MiB` or `1.5 GiB`.
    static func size(_ bytes: Int) -> String {
        switch bytes {
        case ..<(1 << 20): return "\(min(bytes, max(1, bytes >> 10))) KiB"
        case ..<(1 << 30): return "\(bytes >> 20) MiB"
        default:
            let tenths = (bytes >> 20) * 10 / 1024
            return "\(tenths / 10).\(tenths % 10) GiB"
        }
    }

    /// Whole seconds, or minutes where they are even, such as `90 s` or `30 minutes`.
    static func time(_ time: Duration) -> String {
        let seconds = time.components.seconds
        return seconds >= 120 && seconds.isMultiple(of: 60) ? "\(seconds / 60) minutes" : "\(seconds) s"
    }
}
