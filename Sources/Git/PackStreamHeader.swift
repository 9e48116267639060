/// The bytes that an entry begins with: type, size, and what a delta is built on (`gitformat-pack`).
struct PackStreamHeader {
    private var bytes: (UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0)
    private var count = 0

    /// Of an object that is whole.
    init(type: UInt8, size: Int) {
        var rest = size >> 4
        var byte = type << 4 | UInt8(size & 15)
        while rest > 0 {
            append(byte | 0x80)
            byte = UInt8(rest & 0x7f)
            rest >>= 7
        }
        append(byte)
    }

    /// Of a delta on the object `base`.
    init(type: UInt8, size: Int, base: ObjectKey) {
        self.init(type: type, size: size)
        withUnsafeBytes(of: base) { for byte in $0.prefix(20) { append(byte) } }
    }

    /// Of a delta on the entry that begins `distance` bytes before.
    init(type: UInt8, size: Int, distance: Int) {
        self.init(type: type, size: size)
        var digits: [UInt8] = [UInt8(distance & 0x7f)]
        var rest = distance >> 7
        while rest > 0 {
            rest -= 1
            digits.append(0x80 | UInt8(rest & 0x7f))
            rest >>= 7
        }
        for digit in digits.reversed() { append(digit) }
    }

    func withBytes(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        withUnsafeBytes(of: bytes) { raw in
            body(UnsafeBufferPointer(rebasing: raw.bindMemory(to: UInt8.self)[..<count]))
        }
    }

    private mutating func append(_ byte: UInt8) {
        withUnsafeMutableBytes(of: &bytes) { $0[count] = byte }
        count += 1
    }
}
