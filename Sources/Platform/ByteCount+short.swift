extension ByteCount {
    /// In the largest unit that makes it at least one, with one digit after the point below ten: `1.5G`, `340M`, `0B`.
    package var short: String {
        var (value, unit) = (Double(bytes), "B")
        for next in ["K", "M", "G", "T"] where value >= 1000 { (value, unit) = (value / 1024, next) }
        guard unit != "B", value < 9.95 else { return "\(Int(value.rounded()))\(unit)" }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)\(unit)"
    }
}
