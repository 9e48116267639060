/// What is known about each object of a store: one byte for each number.
final class ObjectMarks {
    /// The commit waits to be visited, or was visited.
    static let queued: UInt8 = 1
    /// The client has the object.
    static let had: UInt8 = 2
    /// The object is to be sent.
    static let sent: UInt8 = 4
    /// The object was met as a tree; its entries need no second look.
    static let tree: UInt8 = 8
    /// The object was met as a file.
    static let blob: UInt8 = 16
    /// The commit was visited.
    static let visited: UInt8 = 32
    /// The parents of the commit do not count.
    static let cut: UInt8 = 64

    private var packed: UnsafeMutableBufferPointer<UInt8>
    private var loose: [UInt8] = []

    /// Nothing known about the objects with the numbers below `count`, nor about others.
    init(count: Int) {
        packed = .allocate(capacity: count)
        packed.initialize(repeating: 0)
    }

    deinit { packed.deallocate() }

    @inline(__always)
    subscript(number: ObjectNumber) -> UInt8 {
        get {
            let index = Int(number.raw)
            return index < packed.count ? packed[index] : slow(number)
        }
        set {
            let index = Int(number.raw)
            if index < packed.count { packed[index] = newValue } else { setSlow(number, newValue) }
        }
    }

    /// Whether the object is to be sent.
    @inline(__always)
    func isSent(_ number: ObjectNumber) -> Bool { self[number] & (Self.sent | Self.had) == Self.sent }

    /// The number of objects to be sent.
    var sentCount: Int {
        let isSent = { (mark: UInt8) in mark & (Self.sent | Self.had) == Self.sent }
        return packed.reduce(0) { $0 + (isSent($1) ? 1 : 0) } + loose.reduce(0) { $0 + (isSent($1) ? 1 : 0) }
    }

    private func slow(_ number: ObjectNumber) -> UInt8 {
        guard number.isLoose else { return 0 }
        let index = Int(number.raw - ObjectNumber.firstLoose)
        return index < loose.count ? loose[index] : 0
    }

    /// A pack appeared, or a loose object was found.
    private func setSlow(_ number: ObjectNumber, _ mark: UInt8) {
        if number.isLoose {
            let index = Int(number.raw - ObjectNumber.firstLoose)
            if index >= loose.count { loose += Array(repeating: 0, count: index + 1 - loose.count) }
            loose[index] = mark
        } else {
            let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: Int(number.raw) + 65536)
            larger.initialize(repeating: 0)
            _ = larger.update(fromContentsOf: packed)
            packed.deallocate()
            packed = larger
            packed[Int(number.raw)] = mark
        }
    }
}
