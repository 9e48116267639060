/// Sizes and times in words, exact: what is read here may be written as a setting again.
package enum Amount {
    /// Bytes in the largest unit that holds them without a rest, such as `512 MiB`, `1 GiB` or `1000 bytes`.
    package static func bytes(_ count: Int) -> String {
        for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")] where count > 0 {
            if count.isMultiple(of: 1 << shift) { return "\(count >> shift) \(unit)" }
        }
        return "\(count) bytes"
    }

    /// Seconds in the largest unit that holds them without a rest, such as `90 s`, `5 min`, `2 h` or `365 d`.
    package static func seconds(_ count: Int) -> String {
        for (length, unit) in [(86_400, "d"), (3600, "h"), (60, "min")] where count > 0 {
            if count.isMultiple(of: length) { return "\(count / length) \(unit)" }
        }
        return "\(count) s"
    }

    /// As above; parts of a second as such, as in `0.5 s`.
    package static func seconds(_ count: Double) -> String {
        Int(exactly: count).map { seconds($0) } ?? "\(count) s"
    }

    /// A number without a needless fraction, such as `2` or `0.5`.
    package static func number(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
}
