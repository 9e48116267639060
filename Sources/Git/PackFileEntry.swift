/// The header of one entry of a pack (`gitformat-pack`, "Object entries").
struct PackFileEntry {
    /// How the entry is stored.
    enum Storage {
        case whole(ObjectKind)
        /// A delta on the entry at this offset of the same pack, which is a smaller one.
        case offsetDelta(base: Int)
        /// A delta on the object of this ID.
        case referenceDelta(base: ObjectKey)
    }

    let storage: Storage
    /// Bytes of the object, or of the delta, when inflated.
    let size: Int
    /// Where in the pack the zlib stream begins.
    let content: Int
}
