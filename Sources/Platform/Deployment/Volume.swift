package import Foundation

/// Files of an app that outlive its processes.
package struct Volume: Sendable, Hashable {
    package let id: UUID
    package let appID: UUID
    /// 1–30 of `[a-z0-9-]`, unique within the app.
    package let name: String
    /// Where processes find it: absolute.
    package let path: String
    package let isReadOnly: Bool
    package let createdAt: Date

    package init(
        id: UUID = UUID(), appID: UUID, name: String, path: String, isReadOnly: Bool = false, createdAt: Date = Date()
    ) {
        self.id = id
        self.appID = appID
        self.name = name
        self.path = path
        self.isReadOnly = isReadOnly
        self.createdAt = createdAt
    }

    /// What the engine calls it; no user text is in it.
    package var engineName: String { Self.engineName(of: id) }

    /// What the engine calls the volume with that ID.
    package static func engineName(of id: UUID) -> String { "martlet-\(id.text)" }
}
