package import Foundation

/// Who is at the other end of a conversation: the owner of the key that signed, or whoever runs a command on the machine.
package struct Caller: Sendable {
    /// Who it is in the database; nil on the machine itself.
    package let userID: UUID?
    package let name: String
    package let isAdmin: Bool
    /// Where from: an address, or `local`.
    package let source: String
    /// The fingerprint of the key that signed; nil on the machine itself.
    package let keyFingerprint: String?

    package init(user: User, keyFingerprint: String, source: String) {
        userID = user.id
        name = user.name.description
        isAdmin = user.admin
        self.source = source
        self.keyFingerprint = keyFingerprint
    }

    private init(localName: String) {
        userID = nil
        name = localName
        isAdmin = true
        source = "local"
        keyFingerprint = nil
    }

    /// Whoever may run the program with the daemon's data: they could change the database as well, hence an admin.
    package static let local = Caller(localName: "root@local")

    /// Whether commands may read and write files named by this caller.
    package var isLocal: Bool { userID == nil }
}
