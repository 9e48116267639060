/// The name of a git object: 20 bytes of SHA-1 (`gitformat-pack`, "object-format=sha1").
package struct ObjectID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The 20 raw bytes, most significant first.
    package let bytes: [UInt8]

    /// All zeros: "no object", as in a command that creates or deletes a reference (`gitprotocol-pack`).
    package static let zero = ObjectID(unchecked: [UInt8](repeating: 0, count: 20))

    /// The object ID in `bytes`; nil unless there are exactly 20.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 20 else { return nil }
        self.bytes = Array(bytes)
    }

    /// The object ID written as 40 hexadecimal digits of either case; nil for anything else.
    package init?(hex: some Collection<UInt8>) {
        guard hex.count == 40 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(20)
        var high: UInt8?
        for digit in hex {
            guard let value = digit.hexValue else { return nil }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        self.bytes = bytes
    }

    /// The object ID written as 40 hexadecimal digits; nil for anything else.
    package init?(_ hex: some StringProtocol) {
        self.init(hex: Array(hex.utf8))
    }

    private init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    /// Whether this is `zero`.
    package var isZero: Bool { bytes.allSatisfy { $0 == 0 } }

    /// 40 lower-case hexadecimal digits.
    package var description: String {
        var text: [UInt8] = []
        text.reserveCapacity(40)
        appendHex(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends 40 lower-case hexadecimal digits.
    func appendHex(to text: inout [UInt8]) {
        for byte in bytes {
            text.append((byte >> 4).hexDigit)
            text.append((byte & 15).hexDigit)
        }
    }

    /// The first 7 hexadecimal digits, for people.
    package var short: String { String(description.prefix(7)) }

    package static func < (one: ObjectID, other: ObjectID) -> Bool {
        one.bytes.lexicographicallyPrecedes(other.bytes)
    }
}

extension UInt8 {
    /// The ASCII hexadecimal digit of this value, 0–15, in lower case.
    var hexDigit: UInt8 { self < 10 ? UInt8(ascii: "0") + self : UInt8(ascii: "a") - 10 + self }

    /// The value of this ASCII hexadecimal digit, 0–15; nil if it is none.
    var hexValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
