/// What one push may bring; a pack beyond any of these is refused while it arrives or before it is accepted.
package struct PackLimits: Sendable {
    /// Bytes of the pack itself, as sent.
    package var packBytes = 2 << 30
    /// Objects in the pack.
    package var objects = 5_000_000
    /// Bytes of one object, inflated and with its delta applied.
    package var objectBytes = 512 << 20
    /// Bytes of one commit, tree or tag, which have to be held in memory.
    package var structureBytes = 32 << 20
    /// Bytes of all objects together, inflated and with their deltas applied.
    package var inflatedBytes = 16 << 30
    /// Deltas between an object and the whole object at the end of its chain (git's own maximum).
    package var deltaDepth = 4095
    /// Bytes of delta bases that are held to be used again; beyond that they are made anew.
    package var heldBytes = 64 << 20
    /// Folders within folders in one tree.
    package var treeDepth = 2048
    /// Seconds that indexing, validation and each connectivity check may take.
    package var seconds = 600

    /// The defaults.
    package init() {}

    /// The refusal of an object of `bytes` bytes; `kind` is nil where no object of any kind may be as large.
    func refusal(of bytes: Int, kind: ObjectKind?) -> GitError {
        let limit = describe(bytes: kind == nil ? objectBytes : structureBytes)
        let reason =
            "pack holds \(kind.map { "a \($0)" } ?? "an object") of \(describe(bytes: bytes)), "
            + "more than the limit of \(limit)"
        return GitError(operation: "receive pack", reason: reason)
    }
}
