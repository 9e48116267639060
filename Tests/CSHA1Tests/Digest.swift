import CSHA1
import CSHA1.Internals

/// A digest and the verdict on what was hashed.
struct Digest: Equatable {
    let hex: String
    let isFine: Bool

    /// Hashes `parts` one after the other, by the variant of that index in `variants`.
    init(_ parts: [ArraySlice<UInt8>], variant: Int = 0) {
        var context = csha1_context()
        csha1_begin_variant(&context, variant)
        for part in parts {
            part.withUnsafeBytes { csha1_add(&context, $0.baseAddress, $0.count) }
        }
        var digest = [UInt8](repeating: 0, count: 20)
        isFine = csha1_end(&context, &digest)
        hex = hexadecimal(digest)
    }

    init(_ bytes: [UInt8], variant: Int = 0) {
        self.init([bytes[...]], variant: variant)
    }

    /// The digest without collision detection.
    static func plain(_ parts: [ArraySlice<UInt8>]) -> String {
        var context = csha1_context()
        csha1_plain_begin(&context)
        for part in parts {
            part.withUnsafeBytes { csha1_plain_add(&context, $0.baseAddress, $0.count) }
        }
        var digest = [UInt8](repeating: 0, count: 20)
        csha1_plain_end(&context, &digest)
        return hexadecimal(digest)
    }

    /// The indices of the variants this processor can run.
    static let variants = Array((0..<16).prefix { csha1_variant_name($0) != nil })
}

/// Lower-case hexadecimal.
func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}

/// Repeatable noise (SplitMix64).
struct Noise: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            for offset in stride(from: 0, to: count, by: 8) {
                withUnsafeBytes(of: next()) { word in
                    raw[offset..<min(offset + 8, count)].copyBytes(from: word.prefix(count - offset))
                }
            }
            filled = count
        }
    }

    /// The bytes cut at places of chance, some of the parts empty.
    mutating func cut(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        let most = [3, 70, 1100, 5000].randomElement(using: &self) ?? 3
        var parts: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            parts.append(rest.prefix(Int.random(in: 0...most, using: &self)))
            rest = rest.dropFirst(parts.last?.count ?? 0)
        }
        return parts
    }
}
