package import Foundation

/// An address beside the app's default one under which it is reached.
package struct Domain: Sendable, Hashable {
    package let id: UUID
    package let appID: UUID
    /// A host name in lower case.
    package let host: String
    /// The paths below it: `/` for all, else as `/api`, without a slash at its end.
    package let path: String
    /// Whether the app sees its paths without `path`.
    package let strips: Bool
    /// The URL that visitors are sent to instead; nil for the app itself.
    package let redirect: String?
    package let createdAt: Date

    /// Its host and path, such as `www.example.com` and `www.example.com/api`.
    package var address: String { host + (path == "/" ? "" : path) }

    /// - Throws: `Refusal` when it sends visitors back to itself, without end.
    func checkRedirect() throws(Refusal) {
        guard let url = redirect.flatMap(ProxyURL.init), url.host == host else { return }
        let target = url.target.prefix { !"?#".contains($0) }
        guard target.isEmpty || target == path || target == path + "/" else { return }
        throw Refusal("'\(address)' would be sent to itself without end; give another URL", exitStatus: 2)
    }

    package init(
        id: UUID = UUID(), appID: UUID, host: String, path: String = "/", strips: Bool = false, redirect: String? = nil,
        createdAt: Date = Date()
    ) {
        self.id = id
        self.appID = appID
        self.host = host
        self.path = path
        self.strips = strips
        self.redirect = redirect
        self.createdAt = createdAt
    }
}
