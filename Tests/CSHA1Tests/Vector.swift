/// A disturbance vector, from its definition (Manuel 2011; Stevens 2013).
struct Vector {
    let type: Int
    let position: Int
    let rotation: Int

    /// The words d[-5] ... d[79].
    let disturbances: [UInt32]
    /// What the 80 expanded words of two colliding blocks differ in.
    let differences: [UInt32]

    init(_ type: Int, _ position: Int, _ rotation: Int) {
        self.type = type
        self.position = position
        self.rotation = rotation
        var d: [Int: UInt32] = [:]
        for t in position..<position + 16 { d[t] = 0 }
        d[position + 15] = Reference.rotate(1, rotation)
        if type == 2 {
            d[position + 1] = Reference.rotate(1 << 31, rotation)
            d[position + 3] = Reference.rotate(1 << 31, rotation)
        }
        func at(_ t: Int) -> UInt32 { d[t] ?? 0 }
        for t in stride(from: position + 16, to: 80, by: 1) {
            d[t] = Reference.rotate(at(t - 3) ^ at(t - 8) ^ at(t - 14) ^ at(t - 16), 1)
        }
        for t in stride(from: position - 1, through: -5, by: -1) {
            d[t] = Reference.rotate(at(t + 16), 31) ^ at(t + 13) ^ at(t + 8) ^ at(t + 2)
        }
        disturbances = (-5..<80).map(at)
        // A local collision: a disturbance of one step is corrected by the five steps after it.
        differences = (0..<80).map { t in
            at(t) ^ Reference.rotate(at(t - 1), 5) ^ at(t - 2)
                ^ Reference.rotate(at(t - 3) ^ at(t - 4) ^ at(t - 5), 30)
        }
    }

    /// The step, late in the block, before which the two working states are equal.
    var equalStep: Int { position < 50 ? 58 : 65 }

    /// All that are examined, in the order of their bits.
    static let all =
        [
            (43, 0), (44, 0), (45, 0), (46, 0), (46, 2), (47, 0), (47, 2), (48, 0), (48, 2), (49, 0), (49, 2), (50, 0),
            (50, 2), (51, 0), (51, 2), (52, 0),
        ].map { Vector(1, $0.0, $0.1) }
        + [
            (45, 0), (46, 0), (46, 2), (47, 0), (48, 0), (49, 0), (49, 2), (50, 0), (50, 2), (51, 0), (51, 2), (52, 0),
            (53, 0), (54, 0), (55, 0), (56, 0),
        ].map { Vector(2, $0.0, $0.1) }
}
