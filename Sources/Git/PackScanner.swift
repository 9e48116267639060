import CLibDeflate
import GitWire

/// Reads a pack as it arrives: where each entry and the pack itself end, whether the limits are kept, and the IDs of
/// all objects that are whole (`gitformat-pack`). Deltas are left for `DeltaResolver`.
final class PackScanner {
    private enum State {
        case header
        case entryHeader
        case baseOffset
        case baseName
        case content
        case trailer
        case complete
    }

    /// What was found about each entry; nil before the header is complete.
    private(set) var entries: PackEntries?
    /// Objects the header announces; 0 before the header is complete.
    private(set) var announced = 0
    /// Whether the header says version 3, which differs from 2 in nothing else, and which not everyone reads.
    private(set) var isVersion3 = false
    /// Bytes of the pack read so far.
    private(set) var position = 0

    private var state = State.header
    /// The bytes of a field that may be cut anywhere: the pack's header, a base's name, the trailer.
    private let field = UnsafeMutablePointer<UInt8>.allocate(capacity: 20)
    private var fieldCount = 0
    private var entryStart = 0
    private var type: UInt8 = 0
    private var size = 0
    private var distance = 0
    private var crc: UInt32 = 0
    /// Where, in the current input, the bytes begin that `checksum` and `crc` do not cover yet.
    private var summed = 0
    private var covered = 0
    private var inflatedBytes = 0
    private let inflater: Inflater
    private let hasher = ObjectHasher()
    private let checksum = PackChecksum()
    private let inspector: ObjectInspector
    private let limits: PackLimits

    /// Has whole objects judged by `inspector`.
    init(limits: PackLimits, inspector: ObjectInspector) throws(GitError) {
        self.limits = limits
        self.inspector = inspector
        inflater = try Inflater()
    }

    deinit { field.deallocate() }

    /// Whether the last byte of the pack has been read.
    var isComplete: Bool { state == .complete }

    /// Whether the 12 bytes of the header have been read.
    var hasHeader: Bool { state != .header }

    /// The SHA-1 that the complete pack ends with.
    var trailer: ObjectKey { ObjectKey(field) }

    /// Reads `input` up to its end or the pack's, whichever comes first, and returns how many bytes that is.
    func scan(_ input: UnsafeBufferPointer<UInt8>) throws(GitError) -> Int {
        let start = position
        var used = 0
        summed = 0
        covered = 0
        while used < input.count && state != .complete {
            switch state {
            case .content: try readContent(input, at: &used)
            case .entryHeader: try readEntryHeader(input, at: &used)
            case .baseOffset: try readBaseOffset(input, at: &used)
            case .header, .baseName, .trailer, .complete: try readField(input, at: &used)
            }
            position = start + used
            guard position <= limits.packBytes else {
                throw refusal("pack exceeds maximum allowed size (\(describe(bytes: limits.packBytes)))")
            }
        }
        if state != .trailer && state != .complete { sum(input, to: used) }
        cover(input, to: used)
        return used
    }

    private func readField(_ input: UnsafeBufferPointer<UInt8>, at used: inout Int) throws(GitError) {
        let length = state == .header ? 12 : 20
        while used < input.count, fieldCount < length {
            field[fieldCount] = input[used]
            fieldCount += 1
            used += 1
        }
        guard fieldCount == length else { return }
        fieldCount = 0
        switch state {
        case .header: try readHeader(input, used)
        case .baseName: try beginNamedDelta()
        default: try readTrailer()
        }
    }

    private func readHeader(_ input: UnsafeBufferPointer<UInt8>, _ used: Int) throws(GitError) {
        let header = UnsafeBufferPointer(start: field, count: 12)
        guard header.starts(with: "PACK".utf8) else {
            throw refusal("protocol error (pack signature mismatch detected)")
        }
        guard header[4..<7].allSatisfy({ $0 == 0 }), header[7] == 2 || header[7] == 3 else {
            throw refusal("protocol error (pack version unsupported)")
        }
        isVersion3 = header[7] == 3
        announced = header[8...].reduce(0) { $0 << 8 | Int($1) }
        guard announced <= limits.objects else {
            throw refusal("pack holds \(announced) objects, more than the limit of \(limits.objects)")
        }
        entries = try PackEntries(capacity: announced)
        expectEntry(input, used)
    }

    private func expectEntry(_ input: UnsafeBufferPointer<UInt8>, _ used: Int) {
        guard entries?.count == announced else {
            state = .entryHeader
            return
        }
        sum(input, to: used)
        state = .trailer
    }

    /// Reads the type and the size: 3 and 4 bits in the first byte, 7 in each of the others, the lowest first.
    private func readEntryHeader(_ input: UnsafeBufferPointer<UInt8>, at used: inout Int) throws(GitError) {
        while used < input.count {
            let byte = input[used]
            if fieldCount == 0 {
                entryStart = position
                covered = used
                crc = 0
                type = byte >> 4 & 7
                size = Int(byte & 15)
            } else {
                size |= Int(byte & 0x7f) << (7 * fieldCount - 3)
            }
            used += 1
            fieldCount += 1
            if byte & 0x80 == 0 { return try beginEntry() }
            guard fieldCount < 9 else { throw refusal("bad object header at offset \(entryStart)") }
        }
    }

    private func beginEntry() throws(GitError) {
        fieldCount = 0
        try limitObject(size, kind: ObjectKind(rawValue: type))
        switch type {
        case 1...4:
            try count(size)
            let kind = ObjectKind(rawValue: type) ?? .blob
            hasher.begin(kind, size: size)
            entries?.append(at: entryStart, type: type)
            inflater.begin(size: size, keeping: kind != .blob, hasher: hasher)
            state = .content
        case 6: state = .baseOffset
        case 7: state = .baseName
        default: throw refusal("unknown object type \(type) at offset \(entryStart)")
        }
    }

    /// Reads the distance to a delta's base: 7 bits in each byte, the highest first, without two ways to write one.
    private func readBaseOffset(_ input: UnsafeBufferPointer<UInt8>, at used: inout Int) throws(GitError) {
        while used < input.count {
            let byte = input[used]
            distance = fieldCount == 0 ? Int(byte & 0x7f) : (distance + 1) << 7 | Int(byte & 0x7f)
            used += 1
            fieldCount += 1
            if byte & 0x80 == 0 {
                fieldCount = 0
                return try beginOffsetDelta()
            }
            guard fieldCount < 9 else { throw refusal("bad object header at offset \(entryStart)") }
        }
    }

    private func beginOffsetDelta() throws(GitError) {
        guard distance > 0, distance <= entryStart, let base = entries?.index(at: entryStart - distance) else {
            throw refusal("delta base offset is out of bound at offset \(entryStart)")
        }
        entries?.append(at: entryStart, type: 6, base: UInt32(base))
        beginDelta()
    }

    private func beginNamedDelta() throws(GitError) {
        if let entries {
            entries.append(at: entryStart, type: 7)
            entries.keys[entries.count - 1] = PackedKey(ObjectKey(field))
        }
        beginDelta()
    }

    private func beginDelta() {
        inflater.begin(size: size, keeping: false, hasher: nil)
        state = .content
    }

    private func readContent(_ input: UnsafeBufferPointer<UInt8>, at used: inout Int) throws(GitError) {
        switch inflater.inflate(input, at: &used) {
        case .needsMore: return
        case .tooLong: throw refusal("object at offset \(entryStart) is longer than its header says")
        case .broken(let code):
            throw refusal("object at offset \(entryStart) is corrupted (inflate returned \(code))")
        case .ended:
            guard inflater.count == size else {
                throw refusal("object at offset \(entryStart) is shorter than its header says")
            }
            try endEntry()
            cover(input, to: used)
            if let entries { entries.checksums[entries.count - 1] = crc }
            expectEntry(input, used)
        }
    }

    private func endEntry() throws(GitError) {
        guard let entries, let kind = ObjectKind(rawValue: type) else { return try readDeltaHeader() }
        let key = try hasher.end()
        entries.set(entries.count - 1, key, kind)
        if kind != .blob { try inspector.inspect(kind, key, inflater.content) }
    }

    /// A delta opens with the sizes of its base and of its result; each must keep the limits on its own.
    private func readDeltaHeader() throws(GitError) {
        let sizes = inflater.head.withUnsafeBufferPointer { Delta.sizes($0) }
        guard let sizes else { throw refusal("delta at offset \(entryStart) is corrupted") }
        try limitObject(sizes.base, kind: nil)
        try limitObject(sizes.result, kind: nil)
        try count(sizes.result)
    }

    private func readTrailer() throws(GitError) {
        guard checksum.end() == trailer else { throw refusal("pack is corrupted (SHA1 mismatch)") }
        state = .complete
    }

    /// Adds the input before `used` to the pack's checksum.
    private func sum(_ input: UnsafeBufferPointer<UInt8>, to used: Int) {
        checksum.add(UnsafeRawBufferPointer(start: input.baseAddress! + summed, count: used - summed))
        summed = used
    }

    /// Adds the input before `used` to the checksum of the current entry.
    private func cover(_ input: UnsafeBufferPointer<UInt8>, to used: Int) {
        crc = libdeflate_crc32(crc, input.baseAddress! + covered, used - covered)
        covered = used
    }

    private func limitObject(_ bytes: Int, kind: ObjectKind?) throws(GitError) {
        guard bytes >= 0 && bytes <= limits.objectBytes else { throw limits.refusal(of: bytes, kind: nil) }
        if let kind, kind != .blob, bytes > limits.structureBytes { throw limits.refusal(of: bytes, kind: kind) }
    }

    private func count(_ bytes: Int) throws(GitError) {
        inflatedBytes += bytes
        guard inflatedBytes <= limits.inflatedBytes else {
            let limit = describe(bytes: limits.inflatedBytes)
            throw refusal("pack holds more than \(limit) of objects, which is the limit")
        }
    }

    private func refusal(_ reason: String) -> GitError { GitError(operation: "receive pack", reason: reason) }
}
