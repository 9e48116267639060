import Foundation

/// What a secret is the value of. It is sealed in, so that whoever may write to the database cannot move one elsewhere.
enum SecretPlace: Sendable, CustomStringConvertible {
    case variable(app: UUID, name: String)
    /// A release's config variables, all together.
    case snapshot(app: UUID)
    /// The private key of a host's certificate.
    case certificateKey(host: String)

    /// The associated data of the encryption; different for each place.
    var associatedData: [UInt8] {
        switch self {
        case .variable(let app, let name): Array("martlet variable \(app.text) \(name)".utf8)
        case .snapshot(let app): Array("martlet snapshot \(app.text)".utf8)
        case .certificateKey(let host): Array("martlet certificate \(host)".utf8)
        }
    }

    var description: String {
        switch self {
        case .variable(_, let name): "the variable '\(name)'"
        case .snapshot: "a release's config"
        case .certificateKey(let host): "the key of the certificate for '\(host)'"
        }
    }
}
