/// The deltas of packs: instructions to copy parts of a base and to insert new bytes (`gitformat-pack`,
/// "Deltified representation").
enum Delta {
    /// The sizes that open a delta; nil if it is cut off, or no size can be as large.
    static func sizes(_ delta: UnsafeBufferPointer<UInt8>) -> (base: Int, result: Int, length: Int)? {
        var position = 0
        guard let base = size(delta, &position), let result = size(delta, &position) else { return nil }
        return (base, result, position)
    }

    /// Writes what `instructions`, which follow the sizes, make of `base` to `result`. False if they do not fill it
    /// precisely, reach beyond the base, or are cut off.
    static func apply(
        _ instructions: UnsafeBufferPointer<UInt8>, to base: UnsafeBufferPointer<UInt8>,
        result: UnsafeMutableBufferPointer<UInt8>
    ) -> Bool {
        guard var next = UnsafePointer(instructions.baseAddress) else { return result.isEmpty }
        let end = next + instructions.count
        var room = result.count
        var output = UnsafeMutableRawPointer(result.baseAddress)
        while next < end {
            let instruction = next.pointee
            next += 1
            if instruction & 0x80 == 0 {
                let count = Int(instruction)
                guard count > 0, count <= room, count <= end - next, let target = output else { return false }
                target.copyMemory(from: next, byteCount: count)
                next += count
                output = target + count
                room -= count
            } else {
                guard let (offset, count) = copy(instruction, &next, end), count <= room, offset <= base.count,
                    count <= base.count - offset, let source = base.baseAddress, let target = output
                else { return false }
                target.copyMemory(from: source + offset, byteCount: count)
                output = target + count
                room -= count
            }
        }
        return room == 0
    }

    /// Reads the rest of a copy instruction: the bits of its first byte say which bytes of offset and size follow.
    @inline(__always)
    private static func copy(
        _ instruction: UInt8, _ next: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
    ) -> (offset: Int, count: Int)? {
        guard end - next >= (instruction & 0x7f).nonzeroBitCount else { return nil }
        var offset = 0
        var count = 0
        for bit in 0..<4 where instruction & (1 << bit) != 0 {
            offset |= Int(next.pointee) << (8 * bit)
            next += 1
        }
        for bit in 0..<3 where instruction & (0x10 << bit) != 0 {
            count |= Int(next.pointee) << (8 * bit)
            next += 1
        }
        return (offset, count == 0 ? 0x10000 : count)
    }

    private static func size(_ delta: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> Int? {
        var size = 0
        var shift = 0
        while position < delta.count, shift < 63 {
            let byte = delta[position]
            position += 1
            size |= Int(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return size < 0 ? nil : size }
            shift += 7
        }
        return nil
    }
}
