/// "600 MiB": a number of bytes for people, rounded up to a whole unit.
func describe(bytes: Int) -> String {
    var value = bytes
    for unit in ["bytes", "KiB", "MiB"] {
        if value < 1024 { return "\(value) \(unit)" }
        value = value / 1024 + (value % 1024 == 0 ? 0 : 1)
    }
    return "\(value) GiB"
}

/// Bytes from a repository as text that is safe to show: at most 100, control characters as "?".
func printable(_ bytes: some Collection<UInt8>) -> String {
    let shown = bytes.prefix(100).map { $0 < 0x20 || $0 == 0x7f ? UInt8(ascii: "?") : $0 }
    return String(decoding: shown, as: UTF8.self) + (bytes.count > 100 ? "…" : "")
}
