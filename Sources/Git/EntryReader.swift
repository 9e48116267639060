import CLibDeflate
import Glibc

/// Reads entries of a pack that is completely there, on one thread. What it inflates was inflated before, by
/// `PackScanner`, which has judged all headers.
final class EntryReader {
    private let pack: UnsafeRawBufferPointer
    private let entries: PackEntries
    private let budget: WorkBudget
    private let decompressor: OpaquePointer
    private let delta = WorkMemory()
    private var spent = 0

    /// Reads from `pack`, which must stay valid.
    init(pack: UnsafeRawBufferPointer, entries: PackEntries, budget: WorkBudget) throws(GitError) {
        guard let decompressor = libdeflate_alloc_decompressor() else { throw FileSystem.failure("start libdeflate") }
        self.pack = pack
        self.entries = entries
        self.budget = budget
        self.decompressor = decompressor
    }

    deinit { libdeflate_free_decompressor(decompressor) }

    /// The inflated size of an entry - of the object, or of the delta - and where its zlib stream begins.
    static func header(
        of entry: Int, _ entries: PackEntries, _ pack: UnsafeRawBufferPointer
    ) -> (size: Int, start: Int) {
        var position = Int(entries.offsets[entry])
        var byte = pack[position]
        var size = Int(byte & 15)
        var shift = 4
        position += 1
        while byte & 0x80 != 0 {
            byte = pack[position]
            size |= Int(byte & 0x7f) << shift
            shift += 7
            position += 1
        }
        switch entries.types[entry] {
        case 6:
            while pack[position] & 0x80 != 0 { position += 1 }
            position += 1
        case 7: position += 20
        default: break
        }
        return (size, position)
    }

    /// The instructions of a delta and the size of what they make, valid until the next one. Throws if they are not
    /// for a base of `baseSize` bytes.
    func delta(
        _ entry: Int, on baseSize: Int
    ) throws(GitError) -> (size: Int, instructions: UnsafeBufferPointer<UInt8>) {
        let size = Self.header(of: entry, entries, pack).size
        let bytes = UnsafeBufferPointer(start: try delta.reserve(size), count: size)
        try inflate(entry, into: try delta.reserve(size))
        guard let sizes = Delta.sizes(bytes), sizes.base == baseSize else { throw flaw(entry) }
        try spend(sizes.result)
        return (sizes.result, UnsafeBufferPointer(rebasing: bytes[sizes.length...]))
    }

    /// The size of the object that an entry holds.
    func size(of entry: Int) throws(GitError) -> Int {
        let size = Self.header(of: entry, entries, pack).size
        guard entries.types[entry] > 4 else { return size }
        let bytes = UnsafeBufferPointer(start: try delta.reserve(size), count: size)
        try inflate(entry, into: try delta.reserve(size))
        guard let sizes = Delta.sizes(bytes) else { throw flaw(entry) }
        return sizes.result
    }

    /// An object's content, made from the whole object at the end of its chain; the caller frees it.
    func content(of entry: Int) throws(GitError) -> UnsafeMutablePointer<UInt8> {
        var chain: [Int] = []
        var current = entry
        while entries.bases[current] != PackEntries.none {
            chain.append(current)
            current = Int(entries.bases[current])
        }
        let size = Self.header(of: current, entries, pack).size
        try spend(size)
        var object = UnsafeMutableBufferPointer(start: try WorkMemory.allocate(size), count: size)
        do throws(GitError) {
            try inflate(current, into: object.baseAddress!)
            for link in chain.reversed() {
                let base = object
                let (size, instructions) = try delta(link, on: base.count)
                let memory = try WorkMemory.allocate(size)
                object = UnsafeMutableBufferPointer(start: memory, count: size)
                defer { free(base.baseAddress) }
                guard Delta.apply(instructions, to: UnsafeBufferPointer(base), result: object) else {
                    throw flaw(link)
                }
            }
        } catch {
            free(object.baseAddress)
            throw error
        }
        return object.baseAddress!
    }

    /// The refusal of a delta that does not fit its base.
    func flaw(_ entry: Int) -> GitError {
        GitError(operation: "index pack", reason: "failed to apply delta at offset \(entries.offsets[entry])")
    }

    private func inflate(_ entry: Int, into target: UnsafeMutablePointer<UInt8>) throws(GitError) {
        let (size, start) = Self.header(of: entry, entries, pack)
        var produced = 0
        let result = libdeflate_zlib_decompress(
            decompressor, pack.baseAddress! + start, pack.count - start, target, size, &produced)
        guard result == LIBDEFLATE_SUCCESS, produced == size else {
            throw GitError(
                operation: "index pack", reason: "object at offset \(entries.offsets[entry]) cannot be read again")
        }
    }

    /// Looks at the clock once in a while.
    private func spend(_ bytes: Int) throws(GitError) {
        spent += bytes + 4096
        guard spent > 4 << 20 else { return }
        spent = 0
        try budget.check("index pack")
    }
}
