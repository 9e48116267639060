/// Goes through all objects that are marked to be sent: pack by pack, then the loose ones.
struct PackStreamCursor {
    private var pack = 0
    private var rank = 0
    private var loose: UInt32 = 0

    /// The next object; nil after the last.
    mutating func next(_ store: ObjectStore, _ marks: ObjectMarks) -> ObjectNumber? {
        while pack < store.packs.count {
            let file = store.packs[pack]
            while rank < file.count {
                let number = store.number(pack: pack, position: Int(file.order.positions[rank]))
                rank += 1
                if marks.isSent(number) { return number }
            }
            pack += 1
            rank = 0
        }
        while loose < store.loose.count {
            let number = ObjectNumber(raw: ObjectNumber.firstLoose + loose)
            loose += 1
            if marks.isSent(number) { return number }
        }
        return nil
    }
}
