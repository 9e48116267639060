@testable import GitWire

/// The bytes of `text`.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// `bytes` as text that a failed expectation can show.
func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// One packet with `text` as its payload.
func packet(_ text: String) -> [UInt8] { PacketLine.data(bytes(text)).encoded }

let flush = bytes("0000")

extension ObjectID {
    static let one = ObjectID(bytes: [UInt8](repeating: 0x11, count: 20)) ?? .zero
    static let two = ObjectID(bytes: [UInt8](repeating: 0x22, count: 20)) ?? .zero
}

/// The same numbers on each run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
