import Glibc

/// The walk through trees: first what the client has, then what is to be sent.
///
/// Trees are read in the order of the pack, one level of folders after the other: neighbours there are deltas of each
/// other, and have most entries in common.
struct TreeEnumeration {
    private let store: ObjectStore
    private let marks: ObjectMarks
    private let budget: WorkBudget
    private var pending: [ObjectNumber] = []
    private var recent = RecentEntries()
    private var steps = 0

    init(store: ObjectStore, marks: ObjectMarks, budget: WorkBudget) {
        self.store = store
        self.marks = marks
        self.budget = budget
    }

    /// Adds a tree that the client has, or that is to be sent.
    mutating func add(_ tree: ObjectNumber, had: Bool) {
        let mark = marks[tree]
        guard mark & ObjectMarks.tree == 0 else { return }
        marks[tree] = mark | ObjectMarks.tree | (had ? ObjectMarks.had : ObjectMarks.sent)
        pending.append(tree)
    }

    /// Adds a file that is to be sent.
    func addBlob(_ blob: ObjectNumber) { marks[blob] |= ObjectMarks.sent }

    /// Reads the added trees and all below them.
    mutating func walk(had: Bool) throws(GitError) {
        while !pending.isEmpty {
            let level = inPackOrder(pending)
            pending.removeAll(keepingCapacity: true)
            for tree in level {
                steps += 1
                if steps & 255 == 0 { try budget.check("enumerate objects") }
                try read(tree, had: had)
            }
        }
    }

    private func inPackOrder(_ trees: [ObjectNumber]) -> [ObjectNumber] {
        var keyed: [(place: UInt64, number: ObjectNumber)] = trees.map { number in
            guard !number.isLoose else { return (.max, number) }
            let (pack, position) = store.place(of: number)
            let offset = store.packs[pack].index.offset(at: position)
            return (UInt64(pack) << 44 | UInt64(truncatingIfNeeded: offset), number)
        }
        keyed.sort { $0.place < $1.place }
        return keyed.map(\.number)
    }

    private mutating func read(_ number: ObjectNumber, had: Bool) throws(GitError) {
        let tree: StoredObject
        do throws(GitError) {
            tree = try store.object(number)
        } catch {
            // What is broken in the client's past is not needed.
            if had { return }
            throw error
        }
        guard tree.kind == .tree else { throw malformed(number, "it is a \(tree.kind)") }
        try tree.withBytes { bytes throws(GitError) in try readEntries(bytes, of: number, had: had) }
    }

    private mutating func readEntries(
        _ bytes: UnsafeBufferPointer<UInt8>, of number: ObjectNumber, had: Bool
    ) throws(GitError) {
        guard let base = bytes.baseAddress else { return }
        var position = 0
        while position < bytes.count {
            let mode = base[position]
            guard let nul = memchr(base + position, 0, bytes.count - position) else {
                throw malformed(number, "it is malformed")
            }
            let id = UnsafePointer(nul.assumingMemoryBound(to: UInt8.self)) + 1
            guard bytes.count - (id - base) >= 20 else { throw malformed(number, "it is malformed") }
            // Modes are 40000 or 040000, 100644 and the like, 120000, and 160000, which is another repository's.
            let isTree = mode == UInt8(ascii: "4") || mode == UInt8(ascii: "0")
            if !recent.insert(id, isTree) { try take(id, base + position, isTree, had) }
            position = id - base + 20
        }
    }

    private mutating func take(
        _ id: UnsafePointer<UInt8>, _ mode: UnsafePointer<UInt8>, _ isTree: Bool, _ had: Bool
    ) throws(GitError) {
        if mode[0] == UInt8(ascii: "1"), mode[1] == UInt8(ascii: "6") { return }
        guard let number = try store.number(at: id) else {
            if had { return }
            throw ObjectEnumeration.missing(ObjectKey(id))
        }
        if isTree {
            add(number, had: had)
        } else {
            marks[number] |= ObjectMarks.blob | (had ? ObjectMarks.had : ObjectMarks.sent)
        }
    }

    private func malformed(_ number: ObjectNumber, _ reason: String) -> GitError {
        GitError(operation: "read tree '\(store.key(of: number).id)'", reason: reason)
    }
}

/// Entries met lately, one for each slot: trees that are neighbours repeat most of theirs.
private struct RecentEntries {
    private struct Slot {
        var first: UInt64 = 0
        var second: UInt64 = 0
        var third: UInt32 = 0
        var isTree: UInt32 = 0
    }

    private var slots = [Slot](repeating: Slot(), count: 1 << 16)

    /// Whether the entry was met lately; if not, it is from now on.
    @inline(__always)
    mutating func insert(_ id: UnsafePointer<UInt8>, _ isTree: Bool) -> Bool {
        let raw = UnsafeRawPointer(id)
        let entry = Slot(
            first: raw.loadUnaligned(as: UInt64.self), second: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
            third: raw.loadUnaligned(fromByteOffset: 16, as: UInt32.self), isTree: isTree ? 1 : 2)
        let slot = Int(entry.first & 0xffff)
        let old = slots[slot]
        if old.first == entry.first, old.second == entry.second, old.third == entry.third, old.isTree == entry.isTree {
            return true
        }
        slots[slot] = entry
        return false
    }
}
