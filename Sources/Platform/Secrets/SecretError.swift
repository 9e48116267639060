/// Why secrets cannot be sealed or opened: what only somebody on the machine can repair. Its text holds no secret.
package struct SecretError: Error, CustomStringConvertible, Equatable {
    /// What failed, why, and what to do: one line without a full stop.
    package let description: String

    init(_ description: String) { self.description = description }

    static func unusableFile(_ path: String, _ why: String) -> SecretError {
        SecretError("cannot use the key file '\(path)': \(why)")
    }

    static func lostFile(_ path: String) -> SecretError {
        SecretError(
            "the key file '\(path)' is gone, and the database holds secrets; bring it back from a backup, or forget "
                + "them by 'martlet secrets rotate --drop-unreadable'")
    }

    static func lostKey(_ id: String, of place: SecretPlace) -> SecretError {
        SecretError(
            "cannot open \(place): its key '\(id)' is not in the server's key file; bring that file back from a backup, "
                + "or set it anew")
    }

    static func damaged(_ place: SecretPlace) -> SecretError {
        SecretError("cannot open \(place): it is damaged, or belongs to something else; set it anew")
    }
}
