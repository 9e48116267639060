import Glibc

/// A delta: how to make an object from another (`gitformat-pack`, "Deltified representation").
struct PackFileDelta {
    /// Bytes of the object it is for.
    let baseSize: Int
    /// Bytes of the object it makes.
    let resultSize: Int
    private let bytes: UnsafeBufferPointer<UInt8>
    private let start: Int

    /// Reads the two sizes at the head of `bytes`; nil if there are none.
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        var position = 0
        guard let base = Self.size(bytes, &position), let result = Self.size(bytes, &position) else { return nil }
        baseSize = base
        resultSize = result
        start = position
        self.bytes = bytes
    }

    /// Makes the object of `base`, which has `baseSize` bytes, at `output`, where there is room for `resultSize`;
    /// false if the delta is broken.
    func apply(to base: UnsafePointer<UInt8>, _ output: UnsafeMutablePointer<UInt8>) -> Bool {
        var position = start
        var written = 0
        let count = bytes.count
        guard let code = bytes.baseAddress else { return false }
        while position < count {
            let command = code[position]
            position += 1
            if command & 0x80 != 0 {
                guard position + Int((command & 0x7f).nonzeroBitCount) <= count else { return false }
                let (offset, size) = Self.copy(command, code, &position)
                guard offset + size <= baseSize, size <= resultSize - written else { return false }
                memcpy(output + written, base + offset, size)
                written += size
            } else {
                let size = Int(command)
                guard size > 0, size <= count - position, size <= resultSize - written else { return false }
                memcpy(output + written, code + position, size)
                position += size
                written += size
            }
        }
        return written == resultSize
    }

    /// The operands of a copy command: each of its low seven bits says that one byte of them follows.
    @inline(__always)
    private static func copy(
        _ command: UInt8, _ code: UnsafePointer<UInt8>, _ position: inout Int
    ) -> (offset: Int, size: Int) {
        var offset = 0
        var size = 0
        for bit in 0..<4 where command & 1 << bit != 0 {
            offset |= Int(code[position]) << (8 * bit)
            position += 1
        }
        for bit in 0..<3 where command & 0x10 << bit != 0 {
            size |= Int(code[position]) << (8 * bit)
            position += 1
        }
        return (offset, size == 0 ? 0x10000 : size)
    }

    private static func size(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> Int? {
        var size = 0
        var shift = 0
        while position < bytes.count, shift < 56 {
            let byte = bytes[position]
            position += 1
            size |= Int(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return size }
            shift += 7
        }
        return nil
    }
}
