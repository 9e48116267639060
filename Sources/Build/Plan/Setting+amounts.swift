import Platform
import Yams

/// Times, sizes, fractions and choices, as people write them.
extension Setting {
    private static let second: [String: Double] = [
        "": 1, "ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400, "y": 365 * 86_400,
    ]

    /// A time in seconds: a number of them, or numbers with units, as in `30`, `90s`, `500ms`, `5m`, `1h30m`, `1y`.
    func seconds(_ range: ClosedRange<Double>, example: String) throws(BuildError) -> Double {
        guard let seconds = Self.sum(text, Self.second), range.contains(seconds) else {
            let bounds = "\(Amount.seconds(range.lowerBound)) to \(Amount.seconds(range.upperBound))"
            throw misfit("a time from \(bounds)", example)
        }
        return seconds
    }

    /// A time in whole seconds.
    func wholeSeconds(_ range: ClosedRange<Int>, example: String) throws(BuildError) -> Int {
        let seconds = try seconds(Double(range.lowerBound)...Double(range.upperBound), example: example)
        guard let whole = Int(exactly: seconds) else { throw misfit("whole seconds", example) }
        return whole
    }

    /// A size in bytes: a number of them, or one with a unit, as in `512M`, `1.5G`, `64KiB`; each unit is 1024 of the
    /// one before.
    func bytes(_ range: ClosedRange<Int>, example: String) throws(BuildError) -> Int {
        guard let bytes = ByteCount(text)?.bytes, range.contains(bytes) else {
            throw misfit(
                "a size from \(Amount.bytes(range.lowerBound)) to \(Amount.bytes(range.upperBound))", example)
        }
        return bytes
    }

    /// A number that may have a fraction.
    func decimal(_ range: ClosedRange<Double>, example: String) throws(BuildError) -> Double {
        guard let number = Self.amount(text[...], ["": 1]), range.contains(number) else {
            let bounds = "\(Amount.number(range.lowerBound)) to \(Amount.number(range.upperBound))"
            throw misfit("a number from \(bounds)", example)
        }
        return number
    }

    /// One of the words of an enumeration.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ type: Choice.Type, example: String
    ) throws(BuildError) -> Choice where Choice.RawValue == String {
        guard let choice = Choice(rawValue: text) else {
            let words = Choice.allCases.map(\.rawValue)
            throw error(
                "'\(key)' takes one of \(words.joined(separator: ", ")), as in '\(example)', not "
                    + "'\(Self.shown(text))'\(Suggestion.phrase(text, among: words))")
        }
        return choice
    }

    /// What stands behind the key; empty for what is no text.
    private var text: String { node.scalar?.string ?? "" }

    private static func sum(_ text: String, _ units: [String: Double]) -> Double? {
        var rest = text[...]
        var sum = 0.0
        repeat {
            let unit = rest.drop { $0.isNumber || $0 == "." }
            let next = unit.drop { !$0.isNumber }
            guard let amount = amount(rest[..<next.startIndex], units) else { return nil }
            sum += amount
            // A number without a unit can be the only one.
            if unit.startIndex == next.startIndex, !next.isEmpty || rest.startIndex != text.startIndex { return nil }
            rest = next
        } while !rest.isEmpty
        return sum
    }

    /// One number and its unit; nil for anything else, such as a sign or an exponent.
    private static func amount(_ text: Substring, _ units: [String: Double]) -> Double? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard digits.count <= 15, digits.first?.isNumber == true, digits.last?.isNumber == true,
            let number = Double(digits), let unit = units[String(text[digits.endIndex...])]
        else { return nil }
        return number * unit
    }
}
