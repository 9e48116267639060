package import Foundation

/// A host name under which an app is reached.
package struct AppHost: Sendable, Hashable {
    /// In lower case.
    package let host: String
    package let appID: UUID
    package let app: AppName
    /// Whether it is the app's name under the base domain, as opposed to a domain that somebody gave it.
    package let isDefault: Bool
    /// Whether the app has a release that serves.
    package let isLive: Bool

    package init(host: String, appID: UUID, app: AppName, isDefault: Bool, isLive: Bool) {
        self.host = host
        self.appID = appID
        self.app = app
        self.isDefault = isDefault
        self.isLive = isLive
    }
}
