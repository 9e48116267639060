import Glibc
import Synchronization

/// What the new objects of a push refer to: each ID once, with all that it is used as. Written by several threads.
///
/// The IDs need not exist and may be chosen by an attacker: places are found by a hash that nobody can foresee, and
/// beyond a number of IDs that no honest push reaches, nothing more is taken.
final class LinkSet: @unchecked Sendable {
    /// What an ID is used as.
    struct Uses: OptionSet {
        let rawValue: UInt8

        static let commit = Uses(rawValue: 1 << 1)
        static let tree = Uses(rawValue: 1 << 2)
        static let blob = Uses(rawValue: 1 << 3)
        static let tag = Uses(rawValue: 1 << 4)
        /// The content of a `.gitmodules`.
        static let modules = Uses(rawValue: 1 << 5)
        /// The content of a `.gitattributes`.
        static let attributes = Uses(rawValue: 1 << 6)

        init(rawValue: UInt8) { self.rawValue = rawValue }

        init(_ kind: ObjectKind) { self.init(rawValue: 1 << kind.rawValue) }

        /// The kind that an object must have for these uses; nil if none can serve them all.
        var kind: ObjectKind? {
            switch intersection([.commit, .tree, .blob, .tag]) {
            case .commit: .commit
            case .tree: .tree
            case .blob: .blob
            case .tag: .tag
            default: nil
            }
        }
    }

    private static let stripeCount = 16
    private let stripes: UnsafeMutablePointer<LinkStripe>
    private let locks: [Monitor]
    private let total = Atomic(0)
    /// About how many IDs are taken.
    var limit: Int
    private let seed = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))

    init(limit: Int = 1_000_000) {
        self.limit = limit
        stripes = .allocate(capacity: Self.stripeCount)
        stripes.initialize(repeating: LinkStripe(), count: Self.stripeCount)
        locks = (0..<Self.stripeCount).map { _ in Monitor() }
    }

    deinit {
        for stripe in 0..<Self.stripeCount { free(stripes[stripe].slots) }
        stripes.deallocate()
    }

    /// Whether IDs had to be left out.
    var isOverfull: Bool { total.load(ordering: .relaxed) > limit }

    var count: Int { total.load(ordering: .relaxed) }

    /// Adds `uses` of the object `key`.
    func insert(_ key: ObjectKey, _ uses: Uses) {
        guard !isOverfull else { return }
        let packed = PackedKey(key)
        let hash = self.hash(packed)
        let stripe = Int(hash >> 60)
        locks[stripe].withLock {
            if stripes[stripe].insert(packed, uses, hash: hash, rehash: self.hash) {
                total.add(1, ordering: .relaxed)
            }
        }
    }

    /// Calls `body` with each ID; only while nobody inserts.
    func forEach<Failure: Error>(_ body: (ObjectKey, Uses) throws(Failure) -> Void) throws(Failure) {
        for stripe in 0..<Self.stripeCount {
            for slot in 0..<stripes[stripe].capacity where stripes[stripe].slots![slot].uses != [] {
                try body(stripes[stripe].slots![slot].key.key, stripes[stripe].slots![slot].uses)
            }
        }
    }

    private func hash(_ key: PackedKey) -> UInt64 {
        let product = (key.prefix ^ seed.0).multipliedFullWidth(by: key.middle ^ seed.1)
        return product.high ^ product.low
    }
}

/// A part of the set: an open hash table.
private struct LinkStripe {
    struct Slot: BitwiseCopyable {
        var key: PackedKey
        var uses: LinkSet.Uses
    }

    private(set) var slots: UnsafeMutablePointer<Slot>?
    private(set) var capacity = 0
    private var count = 0

    /// Adds `uses` of `key`; true if the key is new.
    mutating func insert(
        _ key: PackedKey, _ uses: LinkSet.Uses, hash: UInt64, rehash: (PackedKey) -> UInt64
    ) -> Bool {
        if count * 4 >= capacity * 3 { grow(rehash) }
        let slot = find(key, hash)
        let isNew = slots![slot].uses == []
        slots![slot].key = key
        slots![slot].uses.formUnion(uses)
        count += isNew ? 1 : 0
        return isNew
    }

    /// The slot of `key`, or the empty one where it belongs.
    private func find(_ key: PackedKey, _ hash: UInt64) -> Int {
        var slot = Int(truncatingIfNeeded: hash) & (capacity - 1)
        while slots![slot].uses != [], !(slots![slot].key == key) { slot = (slot + 1) & (capacity - 1) }
        return slot
    }

    private mutating func grow(_ rehash: (PackedKey) -> UInt64) {
        let (old, oldCapacity) = (slots, capacity)
        capacity = max(64, capacity * 2)
        slots = calloc(capacity, MemoryLayout<Slot>.stride)!.bindMemory(to: Slot.self, capacity: capacity)
        for slot in 0..<oldCapacity where old![slot].uses != [] {
            slots![find(old![slot].key, rehash(old![slot].key))] = old![slot]
        }
        free(old)
    }
}
