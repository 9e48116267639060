/// Where in a new pack each object begins.
struct PackStreamPlaces {
    /// Objects written so far.
    private(set) var count = 0
    private var packed: [Int]
    private var loose: [ObjectNumber: Int] = [:]

    init(count: Int) { packed = Array(repeating: 0, count: count) }

    /// Where the object begins; 0 if it has not been written, 1 if it waits for its base.
    subscript(number: ObjectNumber) -> Int {
        Int(number.raw) < packed.count ? packed[Int(number.raw)] : loose[number, default: 0]
    }

    func isWritten(_ number: ObjectNumber) -> Bool { self[number] > 1 }
    func isWaiting(_ number: ObjectNumber) -> Bool { self[number] == 1 }

    mutating func wait(_ number: ObjectNumber) { set(number, 1) }

    mutating func write(_ number: ObjectNumber, at position: Int) {
        set(number, position)
        count += 1
    }

    private mutating func set(_ number: ObjectNumber, _ value: Int) {
        if Int(number.raw) < packed.count { packed[Int(number.raw)] = value } else { loose[number] = value }
    }
}
