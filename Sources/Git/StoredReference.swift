import GitWire

/// A reference as its file or its line in `packed-refs` has it.
struct StoredReference: Sendable {
    enum Value: Sendable {
        case object(ObjectKey)
        /// The full name of another reference; whether there is one shows later.
        case symbolic(ReferenceName)
    }

    let name: ReferenceName
    let value: Value
    /// What an annotated tag leads to in the end, where `packed-refs` says; zero for what is known to be no tag; nil
    /// where it has to be looked up.
    var peeled: ObjectKey?
    let isLoose: Bool
}
