import CLibDeflate
import GitWire
import Glibc

/// Writes a pack of chosen objects of a store (`gitformat-pack`), piece by piece.
///
/// What is compressed already is copied; a delta is kept as one when its base comes along, or is there on the other
/// side already. Objects come in the order of the packs they are in, and a base always before its deltas.
final class PackStream {
    /// What the reader of the pack understands.
    struct Options {
        /// Deltas may name their base by its place in the pack.
        var allowsOffsetDeltas = true
        /// Deltas may have bases that are not in the pack but marked as had.
        var isThin = false
    }

    /// One entry as it was written.
    struct Entry {
        let key: ObjectKey
        let offset: Int
        let checksum: UInt32
    }

    /// Objects in the pack.
    let count: Int
    /// Called with each entry once it is written, if set before the first call of `next`.
    var onEntry: ((Entry) -> Void)?
    /// The pack's checksum; nil before its end.
    private(set) var checksum: [UInt8]?

    let store: ObjectStore
    let marks: ObjectMarks
    let options: Options
    /// Where in the new pack each object of the old ones begins; 0 while it is not there.
    var places: PackStreamPlaces
    private let budget: WorkBudget
    private let deflater: PackStreamDeflater
    private let digest = PackChecksum()
    private var output: [UInt8] = []
    private var position = 0
    private var cursor = PackStreamCursor()
    /// What is to be written next, the last first: bases above the deltas on them.
    private var waiting: [ObjectNumber] = []
    /// The rest of an entry that is too long for one piece.
    private var rest: UnsafeBufferPointer<UInt8>?
    private var restOwner: ObjectContent?
    private var current: (key: ObjectKey, offset: Int, checksum: UInt32)?

    init(store: ObjectStore, marks: ObjectMarks, options: Options, budget: WorkBudget) throws(GitError) {
        self.store = store
        self.marks = marks
        self.options = options
        self.budget = budget
        count = marks.sentCount
        guard count <= Int(UInt32.max) else {
            throw GitError(operation: "write pack", reason: "it would have too many objects")
        }
        deflater = try PackStreamDeflater()
        places = PackStreamPlaces(count: store.packedCount)
        output.reserveCapacity(Self.piece + 4096)
        append([0x50, 0x41, 0x43, 0x4b, 0, 0, 0, 2] + withUnsafeBytes(of: UInt32(count).bigEndian) { Array($0) })
    }

    /// The next bytes of the pack, between 1 and about 256 KiB; empty after its end.
    ///
    /// - Throws: when an object turns out to be missing or corrupt; the pack must then not be ended as if it were
    ///   complete.
    func next() throws(GitError) -> [UInt8] {
        try budget.check("write pack")
        while output.count < Self.piece, checksum == nil {
            if rest != nil {
                copyRest()
            } else if let number = waiting.last ?? cursor.next(store, marks) {
                if waiting.isEmpty { waiting.append(number) }
                try write(number)
            } else {
                try finish()
            }
        }
        defer { output.removeAll(keepingCapacity: true) }
        return output
    }

    private static let piece = 256 << 10

    private func finish() throws(GitError) {
        guard places.count == count else {
            throw GitError(
                operation: "write pack", reason: "\(places.count) objects were written instead of \(count)")
        }
        let checksum = digest.end().id.bytes
        self.checksum = checksum
        output += checksum
        position += checksum.count
    }

    /// Writes the object on top of `waiting`, or puts its base there first.
    private func write(_ number: ObjectNumber) throws(GitError) {
        if places.isWritten(number) {
            waiting.removeLast()
            return
        }
        guard let source = try source(of: number) else { return try writeWhole(number) }
        switch source.base {
        case .none: begin(number, source.header, source.body)
        case .sent(let base) where places.isWritten(base):
            begin(number, header(of: source, base: base), source.body)
        case .sent(let base) where places.isWaiting(base):
            // A circle, which copies in several packs can form: this one breaks it.
            try writeWhole(number)
        case .sent(let base):
            places.wait(number)
            waiting.append(base)
        case .had(let base): begin(number, PackStreamHeader(type: 7, size: source.size, base: base), source.body)
        case .unknown: try writeWhole(number)
        }
    }

    private func header(of source: PackStreamSource, base: ObjectNumber) -> PackStreamHeader {
        guard options.allowsOffsetDeltas else {
            return PackStreamHeader(type: 7, size: source.size, base: store.key(of: base))
        }
        return PackStreamHeader(type: 6, size: source.size, distance: position - places[base])
    }

    private func writeWhole(_ number: ObjectNumber) throws(GitError) {
        let object = try store.object(number)
        let stream = try object.withBytes { bytes throws(GitError) in try deflater.deflate(bytes) }
        restOwner = stream
        begin(
            number, PackStreamHeader(type: object.kind.rawValue, size: object.content.count),
            UnsafeBufferPointer(start: stream.base, count: stream.count))
    }

    private func begin(_ number: ObjectNumber, _ header: PackStreamHeader, _ body: UnsafeBufferPointer<UInt8>) {
        if !waiting.isEmpty { waiting.removeLast() }
        places.write(number, at: position)
        if onEntry != nil { current = (store.key(of: number), position, 0) }
        header.withBytes { append($0) }
        rest = body
        copyRest()
    }

    /// Copies of `rest` what there is room for.
    private func copyRest() {
        guard let body = rest else { return }
        let count = min(body.count, max(Self.piece - output.count, 4096))
        append(UnsafeBufferPointer(rebasing: body[..<count]))
        rest = count == body.count ? nil : UnsafeBufferPointer(rebasing: body[count...])
        if rest == nil {
            restOwner = nil
            if let current { onEntry?(Entry(key: current.key, offset: current.offset, checksum: current.checksum)) }
            current = nil
        }
    }

    private func append(_ bytes: [UInt8]) { bytes.withUnsafeBufferPointer { append($0) } }

    private func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        output.append(contentsOf: bytes)
        position += bytes.count
        digest.add(UnsafeRawBufferPointer(bytes))
        if let checksum = current?.checksum {
            current?.checksum = libdeflate_crc32(checksum, bytes.baseAddress, bytes.count)
        }
    }
}
