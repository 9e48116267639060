/// Takes a tar archive apart as its bytes come (POSIX.1-2017 `pax`: ustar and pax headers; GNU's long names).
///
/// The archive may be anybody's: every number in it is checked, and a header that is no header is refused.
struct TarReader {
    /// What an entry of an archive is.
    enum Kind: Equatable {
        case file, folder
        case hardLink(to: String)
        case symbolicLink(to: String)
        /// A device, a pipe, or something else that no site has.
        case other
    }

    /// One entry: a name as the archive has it, of which nothing has been judged.
    struct Entry: Equatable {
        let name: String
        let kind: Kind
        /// Bytes of content that follow; 0 for all but files.
        let size: Int
    }

    /// What comes next in the archive.
    enum Event: Equatable {
        case entry(Entry)
        /// Some of the last entry's content.
        case content(ArraySlice<UInt8>)
    }

    /// What is no tar archive.
    struct Malformed: Error {
        let reason: String
    }

    private static let block = 512
    /// Bytes that names and pax headers may have.
    private static let mostOfHeader = 1 << 20
    private var pending: [UInt8] = []
    /// Bytes of the current entry's content that are to come, then bytes that fill its last block.
    private var left = 0
    private var padding = 0
    /// The kind of the header whose content is gathered, `L`, `K`, `x` or `g`; nil for an entry.
    private var extending: UInt8?
    private var extended: [UInt8] = []
    private var longName: String?
    private var longLink: String?
    private var paxSize: Int?
    private var isOver = false

    /// What `bytes`, which follow those given before, hold.
    mutating func read(_ bytes: [UInt8]) throws(Malformed) -> [Event] {
        pending += bytes
        var events: [Event] = []
        var position = 0
        while !isOver, position < pending.count {
            if left > 0 {
                let count = min(left, pending.count - position)
                take(pending[position..<position + count], &events)
                position += count
                left -= count
                if left == 0 { try finishExtension() }
            } else if padding > 0 {
                let count = min(padding, pending.count - position)
                position += count
                padding -= count
            } else {
                guard pending.count - position >= Self.block else { break }
                try readHeader(Array(pending[position..<position + Self.block]), &events)
                position += Self.block
            }
        }
        pending.removeFirst(isOver ? pending.count : position)
        return events
    }

    /// Whether the mark came that ends an archive.
    var isComplete: Bool { isOver }

    /// The parts of a name behind the first one, which is that of what was asked for, or a dot.
    static func inner(_ name: String) -> [String] {
        name.split(separator: "/").dropFirst().filter { $0 != "." }.map(String.init)
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>, _ events: inout [Event]) {
        if extending == nil { events.append(.content(bytes)) } else { extended += bytes }
    }

    private mutating func readHeader(_ header: [UInt8], _ events: inout [Event]) throws(Malformed) {
        if header.allSatisfy({ $0 == 0 }) {
            isOver = true
            return
        }
        let sum = try Self.number(header[148..<156])
        guard Self.sum(header) == sum else { throw Malformed(reason: "a wrong sum") }
        let type = header[156]
        let written = try Self.number(header[124..<136])
        switch type {
        case UInt8(ascii: "L"), UInt8(ascii: "K"), UInt8(ascii: "x"), UInt8(ascii: "g"):
            guard (1...Self.mostOfHeader).contains(written) else { throw Malformed(reason: "a wrong header") }
            extending = type
            extended = []
            begin(written)
        default:
            let kind = kind(type, header)
            begin(Self.hasContent(type) ? paxSize ?? written : 0)
            if kind != .file, left > 0 { throw Malformed(reason: "content of what is no file") }
            events.append(.entry(Entry(name: name(header), kind: kind, size: left)))
            (longName, longLink, paxSize) = (nil, nil, nil)
        }
    }

    private mutating func begin(_ size: Int) {
        left = size
        padding = (Self.block - size % Self.block) % Self.block
    }

    private mutating func finishExtension() throws(Malformed) {
        guard let type = extending else { return }
        extending = nil
        switch type {
        case UInt8(ascii: "L"): longName = Self.text(extended[...])
        case UInt8(ascii: "K"): longLink = Self.text(extended[...])
        case UInt8(ascii: "x"): try readRecords()
        default: break
        }
        extended = []
    }

    /// The records `LENGTH KEY=VALUE\n` of a pax header.
    private mutating func readRecords() throws(Malformed) {
        var rest = extended[...]
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: UInt8(ascii: " ")),
                let length = Int(String(decoding: rest[..<space], as: UTF8.self)), length > space - rest.startIndex + 1,
                length <= rest.count, case let record = rest[(space + 1)..<(rest.startIndex + length)],
                record.last == UInt8(ascii: "\n"), let equals = record.firstIndex(of: UInt8(ascii: "="))
            else { throw Malformed(reason: "a wrong record") }
            let value = String(decoding: record[(equals + 1)...].dropLast(), as: UTF8.self)
            switch String(decoding: record[..<equals], as: UTF8.self) {
            case "path": longName = value
            case "linkpath": longLink = value
            case "size":
                guard let size = Int(value), (0..<1 << 54).contains(size) else {
                    throw Malformed(reason: "a wrong size")
                }
                paxSize = size
            default: break
            }
            rest = rest.dropFirst(length)
        }
    }

    private func kind(_ type: UInt8, _ header: [UInt8]) -> Kind {
        let link = longLink ?? Self.text(header[157..<257])
        switch type {
        case UInt8(ascii: "0"), 0, UInt8(ascii: "7"): return name(header).hasSuffix("/") ? .folder : .file
        case UInt8(ascii: "1"): return .hardLink(to: link)
        case UInt8(ascii: "2"): return .symbolicLink(to: link)
        case UInt8(ascii: "5"): return .folder
        default: return .other
        }
    }

    private func name(_ header: [UInt8]) -> String {
        if let longName { return longName }
        let name = Self.text(header[0..<100])
        // GNU's form has other fields there.
        let hasPrefix = header[257..<263].elementsEqual("ustar\0".utf8)
        let prefix = hasPrefix ? Self.text(header[345..<500]) : ""
        return prefix.isEmpty ? name : "\(prefix)/\(name)"
    }

    private static func hasContent(_ type: UInt8) -> Bool { type == 0 || !"123456".utf8.contains(type) }

    /// The text up to the first zero.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Octal digits, or GNU's binary form of large numbers.
    private static func number(_ field: ArraySlice<UInt8>) throws(Malformed) -> Int {
        if let first = field.first, first == 0x80 {
            var value = 0
            for byte in field.dropFirst() {
                guard value < 1 << 54 else { throw Malformed(reason: "a number that is too large") }
                value = value << 8 | Int(byte)
            }
            return value
        }
        let digits = field.drop { $0 == 32 }.prefix { $0 != 32 && $0 != 0 }
        guard digits.allSatisfy({ (48...55).contains($0) }) else { throw Malformed(reason: "no number") }
        return digits.reduce(0) { $0 << 3 | Int($1 - 48) }
    }

    /// The sum of a header's bytes, its own field counted as spaces.
    private static func sum(_ header: [UInt8]) -> Int {
        header.indices.reduce(0) { $0 + ((148..<156).contains($1) ? 32 : Int(header[$1])) }
    }
}
