/// Reads the settings of a git configuration file one after the other (`git-config`, "Syntax").
struct ConfigReader {
    /// A section's name in lower case and its quoted part, a key in lower case, and its value; nil where there is
    /// none.
    typealias Setting = (section: String, name: [UInt8]?, key: String, value: [UInt8]?)

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var section = ""
    private var name: [UInt8]?

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    }

    /// The next setting; nil at the end, or where the file is no configuration.
    mutating func next() -> Setting? {
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): position += 1
            case UInt8(ascii: "#"), UInt8(ascii: ";"): skipLine()
            case UInt8(ascii: "["): guard readSection() else { return nil }
            default: return readSetting()
            }
        }
        return nil
    }

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipLine() {
        while let byte = peek(), byte != UInt8(ascii: "\n") { position += 1 }
    }

    private mutating func readSection() -> Bool {
        position += 1
        section = word { Self.isLetter($0) || $0 == UInt8(ascii: ".") }
        name = nil
        skipSpace()
        if peek() == UInt8(ascii: "\"") {
            position += 1
            guard readName() else { return false }
        } else if let dot = section.firstIndex(of: ".") {
            name = Array(section[section.index(after: dot)...].utf8)
            section = String(section[..<dot])
        }
        guard peek() == UInt8(ascii: "]") else { return false }
        position += 1
        return true
    }

    /// Reads a section's quoted part, in which a backslash takes the next byte as it is.
    private mutating func readName() -> Bool {
        var text: [UInt8] = []
        while var byte = peek(), byte != UInt8(ascii: "\n") {
            position += 1
            if byte == UInt8(ascii: "\"") {
                name = text
                return true
            }
            if byte == UInt8(ascii: "\\") {
                guard let next = peek(), next != UInt8(ascii: "\n") else { return false }
                byte = next
                position += 1
            }
            text.append(byte)
        }
        return false
    }

    private mutating func readSetting() -> Setting? {
        let key = word { Self.isLetter($0) }
        guard !key.isEmpty else { return nil }
        skipSpace()
        guard peek() == UInt8(ascii: "=") else {
            guard peek() == nil || peek() == UInt8(ascii: "\n") || peek() == UInt8(ascii: "\r") else { return nil }
            return (section, name, key, nil)
        }
        position += 1
        guard let value = readValue() else { return nil }
        return (section, name, key, value)
    }

    /// Reads a value: quotes protect spaces and comment signs, a backslash at the end of a line joins it with the next.
    private mutating func readValue() -> [UInt8]? {
        var value: [UInt8] = []
        var kept = 0
        var isQuoted = false
        skipSpace()
        while let byte = peek() {
            position += 1
            switch byte {
            case UInt8(ascii: "\n"): return isQuoted ? nil : Array(value[..<kept])
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "#") where !isQuoted, UInt8(ascii: ";") where !isQuoted: skipLine()
            case UInt8(ascii: "\\"):
                guard let escaped = readEscape() else { return nil }
                value += escaped
                kept = value.count
            default:
                value.append(byte)
                if isQuoted || !Self.isSpace(byte) { kept = value.count }
            }
        }
        return isQuoted ? nil : Array(value[..<kept])
    }

    private mutating func readEscape() -> [UInt8]? {
        defer { position += 1 }
        switch peek() {
        case UInt8(ascii: "\n"): return []
        case UInt8(ascii: "n"): return [UInt8(ascii: "\n")]
        case UInt8(ascii: "t"): return [UInt8(ascii: "\t")]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "\\"), UInt8(ascii: "\""): return [bytes[position]]
        case UInt8(ascii: "\r") where position + 1 < bytes.count && bytes[position + 1] == UInt8(ascii: "\n"):
            position += 1
            return []
        default: return nil
        }
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { position += 1 }
    }

    private mutating func word(_ belongs: (UInt8) -> Bool) -> String {
        let start = position
        while let byte = peek(), belongs(byte) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self).lowercased()
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0d ~= byte }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
