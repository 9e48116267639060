/// A number of bytes, as people write and read one: `512M`, `1.5G`. Units are powers of 1024.
package struct ByteCount: Sendable, Hashable, CustomStringConvertible {
    package let bytes: Int

    private static let units: [(name: String, shift: Int)] = [("K", 10), ("M", 20), ("G", 30), ("T", 40)]

    package init(_ bytes: Int) { self.bytes = bytes }

    /// The number in `text`: digits, at most one dot, and a unit: `B` or none, `K`, `M`, `G` or `T`, also as `MB` or `MiB`,
    /// in lower or upper case. nil for anything else, for what is negative or no whole number of bytes, and
    /// beyond 1024 T.
    package init?(_ text: String) {
        var (digits, unit) = (text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }, text.uppercased()[...])
        unit = unit.dropFirst(digits.count)
        if unit.hasSuffix("IB"), unit.count == 3 { unit = unit.prefix(1) }
        if unit.hasSuffix("B"), unit.count <= 2 { unit = unit.dropLast() }
        let shift = unit.isEmpty ? 0 : Self.units.first { $0.name == unit }?.shift
        guard digits.first != ".", digits.last != ".", let shift, let number = Double(String(digits)) else {
            return nil
        }
        guard let bytes = Int(exactly: number * Double(1 << shift)), bytes <= 1 << 50 else { return nil }
        self.bytes = bytes
    }

    /// The largest unit of which it is a whole number, as `512M`; `1000` for one that is of none.
    package var description: String {
        let unit = Self.units.last { bytes != 0 && bytes % (1 << $0.shift) == 0 }
        return unit.map { "\(bytes >> $0.shift)\($0.name)" } ?? "\(bytes)"
    }
}
