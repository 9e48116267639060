import Glibc

/// Resolves deltas on one thread: inflates, applies, hashes and judges.
final class DeltaWorker {
    private let entries: PackEntries
    private let tree: DeltaTree
    private let queue: DeltaQueue
    private let limits: PackLimits
    private let reader: EntryReader
    private let inspector: ObjectInspector
    private let large: Monitor
    private let hasher = ObjectHasher()
    private let result = WorkMemory()

    /// Beyond this size, one object at a time is worked on by all threads together.
    private static let largeSize = 32 << 20

    init(
        entries: PackEntries, tree: DeltaTree, queue: DeltaQueue, pack: UnsafeRawBufferPointer, limits: PackLimits,
        budget: WorkBudget, inspector: ObjectInspector, large: Monitor
    ) throws(GitError) {
        self.entries = entries
        self.tree = tree
        self.queue = queue
        self.limits = limits
        self.inspector = inspector
        self.large = large
        reader = try EntryReader(pack: pack, entries: entries, budget: budget)
    }

    /// Resolves deltas until none is left or somebody fails.
    func run(_ thread: Int) {
        var finished: DeltaBase?
        var opened: DeltaBase?
        while let (base, delta) = queue.next(thread, finished: finished, opened: opened) {
            do throws(GitError) {
                opened = try resolve(delta, on: base)
                finished = base
            } catch {
                queue.fail(error)
                return
            }
        }
    }

    private func resolve(_ entry: Int, on base: DeltaBase) throws(GitError) -> DeltaBase? {
        guard base.depth < limits.deltaDepth else {
            throw GitError(
                operation: "receive pack", reason: "pack holds a chain of more than \(limits.deltaDepth) deltas")
        }
        if base.content == nil {
            try withLargeLock(if: base.size) { () throws(GitError) in
                queue.provide(try reader.content(of: base.entry), for: base)
            }
        }
        let (size, instructions) = try reader.delta(entry, on: base.size)
        if base.kind != .blob && size > limits.structureBytes { throw limits.refusal(of: size, kind: base.kind) }
        return try withLargeLock(if: max(base.size, size)) { () throws(GitError) in
            try resolve(entry, on: base, size: size, instructions)
        }
    }

    private func withLargeLock<Value>(if size: Int, _ body: () throws(GitError) -> Value) throws(GitError) -> Value {
        size < Self.largeSize ? try body() : try large.withLock(body)
    }

    private func resolve(
        _ entry: Int, on base: DeltaBase, size: Int, _ instructions: UnsafeBufferPointer<UInt8>
    ) throws(GitError) -> DeltaBase? {
        entries.bases[entry] = UInt32(base.entry)
        // One that is known to be a base outlives this call.
        let isBase = tree.firstDelta(on: entry) != 0 || tree.lastDelta(on: entry) != 0
        let memory = try isBase ? WorkMemory.allocate(size) : result.reserve(size)
        do throws(GitError) {
            let object = UnsafeMutableBufferPointer(start: memory, count: size)
            let source = UnsafeBufferPointer(start: base.content, count: base.size)
            guard Delta.apply(instructions, to: source, result: object) else { throw reader.flaw(entry) }
            let key = try identify(entry, base.kind, UnsafeBufferPointer(object))
            let references = queue.claimReferences(to: key)
            guard isBase || !references.isEmpty else { return nil }
            return DeltaBase(
                entry: entry, kind: base.kind, depth: base.depth + 1, size: size,
                content: isBase ? memory : try WorkMemory.copy(memory, size), references: references, tree: tree)
        } catch {
            if isBase { free(memory) }
            throw error
        }
    }

    private func identify(
        _ entry: Int, _ kind: ObjectKind, _ object: UnsafeBufferPointer<UInt8>
    ) throws(GitError) -> ObjectKey {
        hasher.begin(kind, size: object.count)
        if let bytes = object.baseAddress { hasher.add(bytes, count: object.count) }
        let key = try hasher.end()
        if kind != .blob { try inspector.inspect(kind, key, object) }
        entries.set(entry, key, kind)
        return key
    }
}
