/// What a complete pack brought.
package struct PackSummary: Equatable, Sendable {
    /// Objects in the pack, as its header says.
    package let objects: Int
    /// Bytes of the pack, as sent.
    package let bytes: Int

    package init(objects: Int, bytes: Int) {
        self.objects = objects
        self.bytes = bytes
    }
}
