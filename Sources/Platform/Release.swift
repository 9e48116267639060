package import Foundation

/// An immutable, numbered state of an app that can run: an image and how to run it.
package struct Release: Sendable {
    package enum Status: String, Sendable {
        /// Its processes are being started and checked.
        case starting
        /// It has been decided on: whatever happens, it is carried on to `live`.
        case switching
        case live, retired, failed
    }

    package let id: UUID
    package let appID: UUID
    /// 1, 2, … within the app; printed as `v1`.
    package let number: Int
    /// nil when the build was forgotten.
    package let buildID: UUID?
    package let branch: String
    package let commit: String
    /// The reference updates that become visible with it, as `OLD NEW NAME` lines.
    package let updates: String
    /// The image's content digest, `sha256:` and 64 hexadecimal digits.
    package let image: String
    /// The TCP port on which its web process listens.
    package let port: Int
    /// The path of its HTTP health check; nil for a TCP check.
    package let healthPath: String?
    package let status: Status
    package let createdBy: String
    package let message: String?
    package let createdAt: Date
    /// nil until it went live.
    package let liveAt: Date?
}
