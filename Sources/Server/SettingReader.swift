import Deploy
import Logging

/// Reads settings out of texts, gathering every problem: a malformed value stops the start and names itself.
struct SettingReader {
    private let values: [String: String]
    private var known: Set<String> = ["MARTLET_CONFIG"]
    private(set) var problems: [String] = []

    init(_ values: [String: String]) { self.values = values }

    mutating func optionalText(_ name: String) -> String? {
        known.insert(name)
        return values[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    mutating func text(_ name: String, _ fallback: String) -> String { optionalText(name) ?? fallback }

    mutating func number(_ name: String, _ fallback: Int, _ range: ClosedRange<Int>, _ what: String) -> Int {
        read(name, fallback, "\(what) (\(range.lowerBound)-\(range.upperBound))") {
            Int($0).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    mutating func decimal(_ name: String, _ fallback: Double, _ range: ClosedRange<Double>, _ what: String) -> Double {
        read(name, fallback, "\(what) (\(range.lowerBound)-\(range.upperBound))") {
            Double($0).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    mutating func flag(_ name: String, _ fallback: Bool) -> Bool {
        read(name, fallback, "true or false") { Bool($0) }
    }

    mutating func onOff(_ name: String, _ fallback: Bool) -> Bool {
        read(name, fallback, "on or off") { ["on": true, "off": false][$0] }
    }

    mutating func pool(_ name: String, _ fallback: AddressPool) -> AddressPool {
        read(name, fallback, "a range of addresses such as 10.200.0.0/14") { AddressPool($0) }
    }

    /// Nil when nothing is said.
    mutating func ports(_ name: String) -> ClosedRange<Int>? {
        read(name, nil, "a range of ports such as 20000-20999") { text -> ClosedRange<Int>?? in
            let ends = text.split(separator: "-", omittingEmptySubsequences: false).compactMap { Int($0) }
            guard ends.count == 2, ends[0] >= 1, ends[0] <= ends[1], ends[1] <= 65535 else { return nil }
            return ends[0]...ends[1]
        }
    }

    mutating func logLevel(_ name: String, _ fallback: Logger.Level) -> Logger.Level {
        read(name, fallback, "one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))") {
            Logger.Level(rawValue: $0)
        }
    }

    mutating func hostName(_ name: String, _ fallback: String) -> String {
        read(name, fallback, "a host name such as apps.example.com") { text in
            let labels = text.split(separator: ".", omittingEmptySubsequences: false)
            let isValid =
                text.utf8.count <= 200
                && labels.allSatisfy { label in
                    (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                        && label.utf8.allSatisfy {
                            $0 == UInt8(ascii: "-") || (48...57).contains($0) || (97...122).contains($0)
                        }
                }
            return isValid ? text : nil
        }
    }

    /// A name that means nothing is a spelling mistake that would go unnoticed.
    mutating func rejectUnknown() {
        for name in values.keys.sorted() where !known.contains(name) {
            problems.append("\(name): there is no such setting")
        }
    }

    /// Notes what is wrong with a setting beyond its form.
    mutating func refuse(_ name: String, _ why: String) { problems.append("\(name): \(why)") }

    mutating func read<Value>(_ name: String, _ fallback: Value, _ form: String, _ parse: (String) -> Value?)
        -> Value
    {
        guard let text = optionalText(name) else { return fallback }
        guard let value = parse(text) else {
            problems.append("\(name): '\(text)' is not \(form)")
            return fallback
        }
        return value
    }
}
