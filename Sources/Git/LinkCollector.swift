import Glibc

/// Collects on one thread what objects refer to. Before the set that all threads share stands a small memory of what
/// was added last: neighbouring trees repeat nearly all their entries.
final class LinkCollector {
    private static let slots = 1 << 14

    private struct Slot: BitwiseCopyable {
        var key: PackedKey
        var uses: UInt8
    }

    private let links: LinkSet
    private let recent: UnsafeMutablePointer<Slot>

    init(_ links: LinkSet) {
        self.links = links
        // Zeroed, and touched only where a link is: a small push pays for few pages.
        recent = calloc(Self.slots, MemoryLayout<Slot>.stride)!.bindMemory(to: Slot.self, capacity: Self.slots)
    }

    deinit { free(recent) }

    /// Adds a link to the object `key`.
    @inline(__always)
    func add(_ key: ObjectKey, _ uses: LinkSet.Uses) {
        let packed = PackedKey(key)
        let slot = recent + Int(truncatingIfNeeded: packed.middle & UInt64(Self.slots - 1))
        if slot.pointee.uses == uses.rawValue, slot.pointee.key == packed { return }
        slot.pointee = Slot(key: packed, uses: uses.rawValue)
        links.insert(key, uses)
    }
}
