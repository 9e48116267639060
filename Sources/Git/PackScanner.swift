import GitWire

/// Reads a pack as it arrives: where each entry and the pack itself end, and whether the limits are kept
/// (`gitformat-pack`). Applies no delta and hashes nothing; that is `PackIndexer`'s part.
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

    /// What was found about each entry.
    private(set) var entries = PackEntries()
    /// Objects the header announces; 0 before the header is complete.
    private(set) var announced = 0
    /// Bytes of the pack read so far.
    private(set) var position = 0

    private var state = State.header
    private var field: [UInt8] = []
    private var entryStart = 0
    private var size = 0
    private var type: UInt8 = 0
    private var inflatedBytes = 0
    private let inflater: Inflater
    private let limits: PackLimits

    init(limits: PackLimits) throws(GitError) {
        var limits = limits
        limits.deltaDepth = min(limits.deltaDepth, Int(UInt16.max) - 1)
        self.limits = limits
        inflater = try Inflater()
    }

    /// Whether the last byte of the pack has been read.
    var isComplete: Bool { state == .complete }

    /// Whether the 12 bytes of the header have been read.
    var hasHeader: Bool { state != .header }

    /// Reads `input` up to its end or the pack's, whichever comes first, and returns how many bytes that is.
    func scan(_ input: UnsafeBufferPointer<UInt8>) throws(GitError) -> Int {
        let start = position
        var used = 0
        while used < input.count && state != .complete {
            switch state {
            case .content: try readContent(input, at: &used)
            default: try read(input[used], after: &used)
            }
            position = start + used
            guard position <= limits.packBytes else {
                throw refusal("pack exceeds maximum allowed size (\(describe(bytes: limits.packBytes)))")
            }
        }
        return used
    }

    private func read(_ byte: UInt8, after used: inout Int) throws(GitError) {
        if state == .entryHeader && field.isEmpty { entryStart = position }
        field.append(byte)
        used += 1
        switch state {
        case .header: if field.count == 12 { try readHeader() }
        case .entryHeader: if byte & 0x80 == 0 { try readEntryHeader() } else { try limitField(to: 9) }
        case .baseOffset: if byte & 0x80 == 0 { try readBaseOffset() } else { try limitField(to: 9) }
        case .baseName: if field.count == 20 { readBaseName() }
        case .trailer: if field.count == 20 { try readTrailer() }
        case .content, .complete: break
        }
    }

    private func limitField(to count: Int) throws(GitError) {
        guard field.count < count else { throw refusal("bad object header at offset \(entryStart)") }
    }

    private func readHeader() throws(GitError) {
        guard field.starts(with: Array("PACK".utf8)) else {
            throw refusal("protocol error (pack signature mismatch detected)")
        }
        guard field[4..<7].allSatisfy({ $0 == 0 }), field[7] == 2 || field[7] == 3 else {
            throw refusal("protocol error (pack version unsupported)")
        }
        announced = field[8...].reduce(0) { $0 << 8 | Int($1) }
        guard announced <= limits.objects else {
            throw refusal("pack holds \(announced) objects, more than the limit of \(limits.objects)")
        }
        move(to: announced == 0 ? .trailer : .entryHeader)
    }

    private func readEntryHeader() throws(GitError) {
        type = field[0] >> 4 & 7
        size = Int(field[0] & 15)
        for (index, byte) in field.dropFirst().enumerated() { size |= Int(byte & 0x7f) << (4 + 7 * index) }
        try limitObject(size)
        switch type {
        case 1...4:
            try count(size)
            begin(.whole(ObjectKind(rawValue: type) ?? .blob))
        case 6: move(to: .baseOffset)
        case 7: move(to: .baseName)
        default: throw refusal("unknown object type \(type) at offset \(entryStart)")
        }
    }

    private func readBaseOffset() throws(GitError) {
        var distance = Int(field[0] & 0x7f)
        for byte in field.dropFirst() { distance = (distance + 1) << 7 | Int(byte & 0x7f) }
        guard distance > 0, distance <= entryStart, let base = entries.index(at: UInt64(entryStart - distance)) else {
            throw refusal("delta base offset is out of bound at offset \(entryStart)")
        }
        guard entries.depth(of: base) < limits.deltaDepth else {
            throw refusal("pack holds a chain of more than \(limits.deltaDepth) deltas")
        }
        begin(.offsetDelta(base: base))
    }

    private func readBaseName() {
        begin(.referenceDelta(base: field.withUnsafeBufferPointer { ObjectKey($0.baseAddress!) }))
    }

    private func begin(_ storage: PackEntries.Storage) {
        entries.append(storage, at: UInt64(entryStart))
        inflater.reset()
        move(to: .content)
    }

    private func readContent(_ input: UnsafeBufferPointer<UInt8>, at used: inout Int) throws(GitError) {
        switch inflater.inflate(input, at: &used, limit: size) {
        case .needsMore: return
        case .tooLong: throw refusal("object at offset \(entryStart) is longer than its header says")
        case .broken(let code):
            throw refusal("object at offset \(entryStart) is corrupted (inflate returned \(code))")
        case .ended:
            guard inflater.count == size else {
                throw refusal("object at offset \(entryStart) is shorter than its header says")
            }
            if type > 4 { try readDeltaHeader() }
            move(to: entries.count == announced ? .trailer : .entryHeader)
        }
    }

    /// A delta opens with the sizes of its base and of its result; each must keep the limits on its own.
    private func readDeltaHeader() throws(GitError) {
        var rest = inflater.head[...]
        guard let base = Self.readSize(&rest), let result = Self.readSize(&rest) else {
            throw refusal("delta at offset \(entryStart) is corrupted")
        }
        try limitObject(base)
        try limitObject(result)
        try count(result)
    }

    private static func readSize(_ bytes: inout ArraySlice<UInt8>) -> Int? {
        var size = 0
        var shift = 0
        while let byte = bytes.popFirst(), shift < 63 {
            size |= Int(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return size < 0 ? nil : size }
            shift += 7
        }
        return nil
    }

    /// An empty pack never reaches the indexer, so its checksum is compared here: it is always the same.
    private func readTrailer() throws(GitError) {
        if announced == 0 && ObjectID(bytes: field)?.description != "029d08823bd8a8eab510ad6ac75c823cfd3ed31e" {
            throw refusal("pack is corrupted (SHA1 mismatch)")
        }
        move(to: .complete)
    }

    private func move(to next: State) {
        field.removeAll(keepingCapacity: true)
        state = next
    }

    private func limitObject(_ bytes: Int) throws(GitError) {
        guard bytes >= 0 && bytes <= limits.objectBytes else {
            let limit = describe(bytes: limits.objectBytes)
            throw refusal("pack holds an object of \(describe(bytes: bytes)), more than the limit of \(limit)")
        }
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
