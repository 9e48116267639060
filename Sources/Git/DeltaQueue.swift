/// Hands out the deltas of a pack to the threads that resolve them: depth first within each thread, and to a thread
/// that has nothing left those nearest to the root of another's tree, behind which most is to be done.
final class DeltaQueue: @unchecked Sendable {
    private let entries: PackEntries
    private let tree: DeltaTree
    private let limits: PackLimits
    private let monitor = Monitor()
    /// The bases that each thread has deltas of, from the root of its tree down.
    private var open: [[DeltaBase]]
    private var roots: Range<Int>
    /// 1 for the first position of each group of named deltas that has found its base.
    private let claimed: Column<UInt8>
    private var held = 0
    private var working = 0
    private var waiting = 0
    private var failure: GitError?
    /// How many deltas have been resolved.
    private(set) var resolved = 0
    private var pack = UnsafeRawBufferPointer(start: nil, count: 0)

    /// The queue for at most `threads` threads.
    init(entries: PackEntries, tree: DeltaTree, limits: PackLimits, threads: Int) throws(GitError) {
        self.entries = entries
        self.tree = tree
        self.limits = limits
        roots = 0..<0
        open = Array(repeating: [], count: threads)
        claimed = try Column(count: tree.allReferences.count)
    }

    deinit { claimed.free() }

    /// Begins with the whole objects at `roots` of `pack`; `threads` threads will call `next`.
    func start(_ pack: UnsafeRawBufferPointer, roots: Range<Int>, threads: Int) {
        self.pack = pack
        self.roots = roots
        working = threads
        waiting = 0
    }

    /// The next delta for `thread` and its base, which `finished`, with the delta from before, is done with; `opened`
    /// is what became of that if there are deltas on it. Waits while other threads may still find some; nil at the end.
    func next(
        _ thread: Int, finished: DeltaBase?, opened: DeltaBase?
    ) -> (base: DeltaBase, delta: Int)? {
        monitor.withLock {
            if let finished {
                resolved += 1
                release(finished)
            }
            if let opened { push(opened, thread) }
            while failure == nil {
                if let work = takeOwn(thread) ?? takeRoot(thread) ?? steal() { return work }
                working -= 1
                if working == 0 { break }
                waiting += 1
                monitor.wait()
                waiting -= 1
                if working == 0 { break }
                working += 1
            }
            monitor.wakeAll()
            return nil
        }
    }

    /// Gives the queue what was made anew of a base's content.
    func provide(_ content: UnsafeMutablePointer<UInt8>, for base: DeltaBase) {
        monitor.withLock {
            held += base.hold(content)
            makeRoom(except: base)
            if waiting > 0 { monitor.wakeAll() }
        }
    }

    /// Makes all threads stop; the first error counts.
    func fail(_ error: GitError) {
        monitor.withLock {
            failure = failure ?? error
            monitor.wakeAll()
        }
    }

    /// Throws what a thread failed with.
    func check() throws(GitError) {
        if let failure = monitor.withLock({ failure }) { throw failure }
    }

    /// The named deltas that wait for `key`, for the first who asks; none for all others.
    func claimReferences(to key: ObjectKey) -> Range<Int> {
        let group = tree.references(to: key)
        guard !group.isEmpty else { return group }
        return monitor.withLock { claim(group) }
    }

    /// The IDs that deltas name as their bases and that no object of the pack has so far.
    func missingBases() -> [ObjectKey] {
        var missing: [ObjectKey] = []
        var position = 0
        while position < tree.allReferences.count {
            let key = tree.base(at: position)
            let group = tree.references(to: key)
            if claimed[position] == 0 { missing.append(key) }
            position = group.upperBound
        }
        return missing
    }

    private func claim(_ group: Range<Int>) -> Range<Int> {
        guard claimed[group.lowerBound] == 0 else { return 0..<0 }
        claimed[group.lowerBound] = 1
        return group
    }

    private func push(_ base: DeltaBase, _ thread: Int) {
        open[thread].append(base)
        held += base.content == nil ? 0 : base.size
        makeRoom(except: base)
        if waiting > 0 { monitor.wakeAll() }
    }

    private func takeOwn(_ thread: Int) -> (base: DeltaBase, delta: Int)? {
        while let base = open[thread].last {
            if let delta = base.takeDelta() {
                base.users += 1
                // Whoever takes the last delta alone keeps the base: a chain never holds more than two objects.
                if base.isExhausted { open[thread].removeLast() }
                return (base, delta)
            }
            open[thread].removeLast()
        }
        return nil
    }

    private func takeRoot(_ thread: Int) -> (base: DeltaBase, delta: Int)? {
        while let entry = roots.popFirst() {
            guard let kind = ObjectKind(rawValue: entries.types[entry]) else { continue }
            let group = tree.references(to: entries.keys[entry].key)
            let base = DeltaBase(
                entry: entry, kind: kind, depth: 0, size: EntryReader.header(of: entry, entries, pack).size,
                content: nil, references: group.isEmpty ? group : claim(group), tree: tree)
            if base.isExhausted { continue }
            open[thread].append(base)
            return takeOwn(thread)
        }
        return nil
    }

    /// A delta of another thread's; only of a base whose content is held.
    private func steal() -> (base: DeltaBase, delta: Int)? {
        for thread in open.indices {
            for (position, base) in open[thread].enumerated() where base.content != nil {
                guard let delta = base.takeDelta() else { continue }
                base.users += 1
                if base.isExhausted { open[thread].remove(at: position) }
                return (base, delta)
            }
        }
        return nil
    }

    private func release(_ base: DeltaBase) {
        base.users -= 1
        if base.users == 0 && base.isExhausted { held += base.hold(nil) }
    }

    /// Forgets the contents that will be needed last, until what is held keeps the limit.
    private func makeRoom(except base: DeltaBase) {
        guard held > limits.heldBytes else { return }
        for stack in open {
            for other in stack.dropLast() where other !== base && other.users == 0 && other.content != nil {
                held += other.hold(nil)
                if held <= limits.heldBytes { return }
            }
        }
    }
}
