package import GitWire

/// A reference as clients are told of it.
package struct AdvertisedReference: Hashable, Sendable {
    package let name: ReferenceName
    /// The object it points to, through symbolic references.
    package let target: ObjectID
    /// What an annotated tag leads to in the end; nil for anything else.
    package let peeled: ObjectID?
    /// The reference that a symbolic one names; nil for any other.
    package let symbolicTarget: ReferenceName?

    package init(name: ReferenceName, target: ObjectID, peeled: ObjectID? = nil, symbolicTarget: ReferenceName? = nil) {
        self.name = name
        self.target = target
        self.peeled = peeled
        self.symbolicTarget = symbolicTarget
    }
}
