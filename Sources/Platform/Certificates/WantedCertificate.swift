package import Foundation

/// A certificate that is to be got from an authority.
package struct WantedCertificate: Sendable, Hashable {
    /// In lower case; `*.` and the base domain for the wildcard.
    package let host: String
    /// nil for the wildcard, which serves every app.
    package let appID: UUID?

    package init(host: String, appID: UUID?) {
        self.host = host
        self.appID = appID
    }
}
