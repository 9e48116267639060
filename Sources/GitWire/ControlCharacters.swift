/// Makes text that strangers wrote, such as the output of a build, harmless to the terminal it is shown on.
package enum ControlCharacters {
    /// The longest colour sequence that is kept, in bytes.
    private static let longestSequence = 32

    /// One line, given without its line feed, as it may be shown.
    ///
    /// Text, tabs and colours (`ESC [ … m`) stay; a colour ends with its line at the latest. Of a line that overwrites
    /// itself with carriage returns, such as `50%\r100%\r`, the last state is left, and `ESC [ … K`, which erases the
    /// one before, goes. Other control characters become visible: `^G`, `\u{9b}`; so do those that separate lines or
    /// turn the direction of writing. What is not UTF-8 becomes U+FFFD.
    package static func neutralise(_ line: some Collection<UInt8>) -> String {
        let line = lastState(Array(line))
        if line.allSatisfy({ 0x20..<0x7F ~= $0 }) { return String(decoding: line, as: UTF8.self) }
        let scalars = Array(String(decoding: line, as: UTF8.self).unicodeScalars)
        var shown = ""
        var isColoured = false
        var position = 0
        while position < scalars.count {
            if let end = endOfSequence(scalars, from: position) {
                if scalars[end] == "m" {
                    isColoured = scalars[position + 2..<end].contains { $0 != "0" && $0 != ";" }
                    shown.unicodeScalars.append(contentsOf: scalars[position...end])
                }
                position = end + 1
            } else {
                shown += visible(scalars[position], keepingTabs: true)
                position += 1
            }
        }
        return isColoured ? shown + "\u{1B}[0m" : shown
    }

    /// `bytes` as they may stand in a message: every control character is visible, colours too, and after `limit` bytes
    /// an ellipsis stands for the rest.
    package static func escape(_ bytes: some Collection<UInt8>, limit: Int) -> String {
        let text = String(decoding: bytes.prefix(limit), as: UTF8.self)
        let shown = text.unicodeScalars.map { visible($0, keepingTabs: false) }.joined()
        return bytes.count > limit ? shown + "…" : shown
    }

    /// What is left of a line after its last carriage return that has something behind it.
    private static func lastState(_ line: [UInt8]) -> ArraySlice<UInt8> {
        let carriageReturn = UInt8(ascii: "\r")
        guard let last = line.lastIndex(where: { $0 != carriageReturn }) else { return [] }
        let start = line[...last].lastIndex(of: carriageReturn).map { $0 + 1 } ?? 0
        return line[start...last]
    }

    /// The index where a sequence `ESC [ … m` or `ESC [ … K` ends that begins at `start`; nil if none does.
    private static func endOfSequence(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
        guard scalars[start] == "\u{1B}", start + 2 < scalars.count, scalars[start + 1] == "[" else { return nil }
        for index in start + 2..<min(start + longestSequence, scalars.count) {
            switch scalars[index] {
            case "0"..."9", ";", ":": continue
            case "m", "K": return index
            default: return nil
            }
        }
        return nil
    }

    private static func visible(_ scalar: Unicode.Scalar, keepingTabs: Bool) -> String {
        switch scalar.value {
        case 0x09 where keepingTabs: "\t"
        case 0..<0x20, 0x7F: "^" + String(Unicode.Scalar(UInt8(scalar.value ^ 0x40)))
        case 0x80..<0xA0, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069:
            "\\u{" + String(scalar.value, radix: 16) + "}"
        default: String(scalar)
        }
    }
}
