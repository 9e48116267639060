/// One line of BuildKit's `--progress=plain` output, taken apart.
enum PlainLine: Equatable {
    /// Begins or ends the client's own summary of a failure.
    case rule
    /// Says something about the step with that number.
    case step(Int, [UInt8])
    /// The client's own words.
    case other([UInt8])

    init(_ line: [UInt8]) {
        if line.elementsEqual("------".utf8) {
            self = .rule
        } else if let (number, rest) = Self.numbered(line[...]) {
            self = .step(number, Array(rest))
        } else {
            self = .other(line)
        }
    }

    /// The 7 and `DONE` of `#7 DONE`.
    private static func numbered(_ line: ArraySlice<UInt8>) -> (Int, ArraySlice<UInt8>)? {
        guard line.first == UInt8(ascii: "#"), let space = line.firstIndex(of: UInt8(ascii: " ")),
            let number = Int(String(decoding: line[line.startIndex + 1..<space], as: UTF8.self))
        else { return nil }
        return (number, line[(space + 1)...])
    }

    /// What a program printed: the line without its time, `0.375 text`; nil for a line without one.
    static func printed(_ rest: [UInt8]) -> [UInt8]? {
        let time = rest.prefix { $0 != UInt8(ascii: " ") }
        guard time.count < rest.count, time.contains(UInt8(ascii: ".")),
            time.allSatisfy({ $0 == UInt8(ascii: ".") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
        else { return nil }
        return Array(rest[(time.count + 1)...])
    }

    /// Cuts off how step `number` ended where it follows on text without a line feed: `no newline#7 DONE 0.4s`.
    static func glued(_ text: [UInt8], _ number: Int) -> (text: [UInt8], end: [UInt8])? {
        let mark = Array("#\(number) ".utf8)
        guard let start = lastIndex(of: mark, in: text) else { return nil }
        let end = Array(text[(start + mark.count)...])
        let word = String(decoding: end, as: UTF8.self)
        let isEnd = word == "..." || word == "CANCELED" || word.hasPrefix("DONE ") || word.hasPrefix("ERROR: ")
        return isEnd ? (Array(text[..<start]), end) : nil
    }

    private static func lastIndex(of mark: [UInt8], in text: [UInt8]) -> Int? {
        guard text.count >= mark.count else { return nil }
        for start in stride(from: text.count - mark.count, through: 0, by: -1)
        where text[start] == mark[0] && text[start..<start + mark.count].elementsEqual(mark) {
            return start
        }
        return nil
    }
}
