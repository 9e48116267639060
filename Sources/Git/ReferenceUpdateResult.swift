/// What became of one `ReferenceUpdate`.
package enum ReferenceUpdateResult: Hashable, Sendable {
    /// The reference has its new value, and that is on disk.
    case ok
    /// The reference to delete was not there: reported to the client as ok, with a warning
    /// ("deleting a non-existent ref").
    case alreadyAbsent
    /// Nothing changed; `reason` is in git's words, for `ng <ref> <reason>`.
    case failed(reason: String)

    /// The failure of a reference that another one is a folder of, or the other way.
    package static let nameConflict = ReferenceRefusal.nameConflict.result

    /// Whether the client is told "ok".
    package var isOK: Bool {
        if case .failed = self { return false }
        return true
    }
}
