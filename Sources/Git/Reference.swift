package import GitWire

/// A reference and the object it points to.
package struct Reference: Hashable, Sendable {
    package let name: ReferenceName
    package let target: ObjectID

    package init(name: ReferenceName, target: ObjectID) {
        self.name = name
        self.target = target
    }
}
