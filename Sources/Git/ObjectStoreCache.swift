/// Objects read lately, as bases of the next deltas: one for each slot, and no more bytes than the limit.
struct ObjectStoreCache {
    private struct Slot {
        var pack = -1
        var offset = 0
        var object: StoredObject?
    }

    private var slots: [Slot]
    private var bytes = 0
    private var hand = 0
    private let limit: Int

    init(bytes limit: Int) {
        self.limit = limit
        slots = Array(repeating: Slot(), count: Self.size)
    }

    func object(_ pack: Int, _ offset: Int) -> StoredObject? {
        let slot = Self.slot(pack, offset)
        guard slots[slot].offset == offset, slots[slot].pack == pack else { return nil }
        return slots[slot].object
    }

    mutating func insert(_ object: StoredObject, _ pack: Int, _ offset: Int) {
        guard object.content.count <= limit / 4 else { return }
        let slot = Self.slot(pack, offset)
        bytes += object.content.count - (slots[slot].object?.content.count ?? 0)
        slots[slot] = Slot(pack: pack, offset: offset, object: object)
        while bytes > limit {
            hand = (hand + 1) & (Self.size - 1)
            if hand == slot { continue }
            bytes -= slots[hand].object?.content.count ?? 0
            slots[hand] = Slot()
        }
    }

    private static let size = 1 << 13

    private static func slot(_ pack: Int, _ offset: Int) -> Int {
        let mixed =
            (UInt64(truncatingIfNeeded: offset) &+ UInt64(truncatingIfNeeded: pack) << 40)
            &* 0x9e37_79b9_7f4a_7c15
        return Int(mixed >> 51)
    }
}
