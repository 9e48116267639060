import Foundation
import Platform

/// Build settings given as `KEY=VALUE` words, and the YAML that they stand for.
enum SettingWords {
    /// The keys of `martlet.yaml` beside `build`, to which all other keys belong.
    private static let outer = [
        "static", "processes", "release", "migrate", "health", "port", "variables", "routing", "build",
    ]

    private struct Entry {
        let path: ArraySlice<String>
        let value: String
    }

    /// YAML of the form of `martlet.yaml`: `method=command port=80` sets `build.method` and `port`, a dot leads into a
    /// block (`processes.worker=…`), and a key that comes twice is a list.
    ///
    /// - Throws: `Refusal` for a word that is no `KEY=VALUE`, and for a key that is both a value and a block.
    static func yaml(_ words: [String]) throws(Refusal) -> String {
        var entries: [Entry] = []
        for word in words { entries.append(try entry(word)) }
        return try lines(entries, indent: "").joined(separator: "\n") + "\n"
    }

    private static func entry(_ word: String) throws(Refusal) -> Entry {
        guard let equals = word.firstIndex(of: "=") else { throw invalid(word) }
        let keys = word[..<equals].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard keys.allSatisfy(isKey), let first = keys.first else { throw invalid(word) }
        let path = outer.contains(first) ? keys : ["build"] + keys
        return Entry(path: path[...], value: String(word[word.index(after: equals)...]))
    }

    private static func isKey(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            }
    }

    private static func invalid(_ word: String) -> Refusal {
        Refusal(
            "'\(String(word.prefix(60)).escaped)' is not KEY=VALUE, such as 'method=command'; over ssh, quote a value "
                + "with spaces twice: \"start='./serve now'\"",
            exitStatus: 2)
    }

    private static func lines(_ entries: [Entry], indent: String) throws(Refusal) -> [String] {
        var lines: [String] = []
        var done: Set<String> = []
        for key in entries.compactMap(\.path.first) where done.insert(key).inserted {
            let same = entries.filter { $0.path.first == key }
            let values = same.filter { $0.path.count == 1 }.map { quoted($0.value) }
            if values.isEmpty {
                let inner = same.map { Entry(path: $0.path.dropFirst(), value: $0.value) }
                lines += ["\(indent)\(key):"] + (try Self.lines(inner, indent: indent + "  "))
            } else if values.count < same.count {
                throw Refusal("'\(key)' is given both as a value and as a block; keep one", exitStatus: 2)
            } else if values.count == 1 {
                lines.append("\(indent)\(key): \(values[0])")
            } else {
                lines += ["\(indent)\(key):"] + values.map { "\(indent)  - \($0)" }
            }
        }
        return lines
    }

    /// A scalar in double quotes (YAML 1.2.2 §7.3.1).
    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            case "\n": "\\n"
            case "\t": "\\t"
            case _ where scalar.properties.generalCategory == .control:
                "\\x" + [UInt8(truncatingIfNeeded: scalar.value)].map { String(format: "%02x", $0) }.joined()
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}
