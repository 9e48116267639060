package import Foundation

/// An image of an app, as the engine keeps it.
package struct EngineImage: Sendable, Equatable {
    /// Its digest, `sha256:…`.
    package let id: String
    /// The app that it was built for.
    package let app: UUID
    /// Its names that builds gave it, `martlet/<app>:build-<number>`; empty when it has none left.
    package let names: [String]
    /// Whether it says itself whose it is.
    package let isLabelled: Bool
    /// All its layers, those it shares too.
    package let bytes: Int

    package init(id: String, app: UUID, names: [String], bytes: Int, isLabelled: Bool = true) {
        self.id = id
        self.app = app
        self.names = names
        self.isLabelled = isLabelled
        self.bytes = bytes
    }

    /// The numbers of the builds that made it, ascending.
    package var builds: [Int] { names.compactMap { Self.build(in: $0)?.number }.sorted() }

    /// The app and the number in `martlet/<app>:build-<number>`; nil for any other name.
    static func build(in name: String) -> (app: UUID, number: Int)? {
        guard name.hasPrefix("martlet/") else { return nil }
        let parts = name.dropFirst(8).split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let app = UUID(uuidString: String(parts[0])), parts[1].hasPrefix("build-"),
            let number = Int(parts[1].dropFirst(6))
        else { return nil }
        return (app, number)
    }
}
