/// Something on the machine that is not as the database wants it.
package struct Drift: Sendable, Equatable, Encodable {
    package enum Kind: String, Sendable, Encodable {
        case process, container, network, volume, release, app, proxy, engine
    }

    /// The app's name; nil for what is no app's.
    package let app: String?
    package let kind: Kind
    /// Such as `web.1`, or the name of a container.
    package let name: String
    /// One line, such as `is wanted and does not run`.
    package let problem: String

    package init(_ kind: Kind, _ name: String, app: String?, _ problem: String) {
        self.app = app
        self.kind = kind
        self.name = name
        self.problem = problem
    }
}
