package import GitWire

/// One change of a reference that a push asks for (`gitprotocol-pack`, "Reference Update Request").
package struct ReferenceUpdate: Hashable, Sendable {
    package let name: ReferenceName
    /// What the client believes the reference points to; zero when it must not exist.
    package let old: ObjectID
    /// What it shall point to; zero to delete it.
    package let new: ObjectID

    package init(name: ReferenceName, old: ObjectID, new: ObjectID) {
        self.name = name
        self.old = old
        self.new = new
    }

    /// Whether this deletes the reference.
    package var isDeletion: Bool { new.isZero }
}
