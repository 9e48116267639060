package import Foundation
import Platform

/// What apps keep from one build to the next, and whether they are to begin anew.
package struct BuildCaches: Sendable {
    /// The folder of the layers that buildpacks keep, a folder for each app.
    package var layers: String { "\(folder)/layers" }
    /// The folders in which each app has one of its own.
    package var appFolders: [String] { [layers, marks, trees.folder] }
    /// The sources of the latest builds.
    var trees: KeptTrees { KeptTrees(folder: "\(folder)/sources") }
    private var marks: String { "\(folder)/marks" }
    private let folder: String

    /// - Parameter folder: nobody else's.
    package init(folder: String) { self.folder = folder }

    /// Forgets what an app's builds keep: the next one begins with nothing.
    ///
    /// - Returns: the bytes that are free now. What BuildKit keeps is not among them: nothing finds it any more, and
    ///   it goes when room is needed.
    package func clear(_ app: UUID) async throws -> Int {
        let size = try await HostProgram.size(of: "\(layers)/\(app.text)") + trees.clear(app)
        try await HostProgram.remove("\(layers)/\(app.text)")
        try FileManager.default.createDirectory(atPath: mark(app, ""), withIntermediateDirectories: true)
        try Data(UUID().text.utf8).write(to: URL(filePath: mark(app, "name")), options: .atomic)
        try Data().write(to: URL(filePath: mark(app, "cleared")))
        return size
    }

    /// What an app's caches are called with BuildKit: another name each time that they were cleared.
    func name(of app: UUID) -> UUID {
        let text = try? String(contentsOfFile: mark(app, "name"), encoding: .utf8)
        return text.flatMap(UUID.init(uuidString:)) ?? app
    }

    /// Whether no build has succeeded since the caches were cleared.
    func isCleared(_ app: UUID) -> Bool { FileManager.default.fileExists(atPath: mark(app, "cleared")) }

    /// Notes that a build has succeeded.
    func used(by app: UUID) throws {
        if isCleared(app) { try FileManager.default.removeItem(atPath: mark(app, "cleared")) }
    }

    /// Clears an app's layers that take more than `most` bytes.
    ///
    /// - Returns: how many bytes they took; nil when that was not too much.
    func bound(_ app: UUID, to most: Int) async throws -> Int? {
        let size = try await HostProgram.size(of: "\(layers)/\(app.text)")
        guard size > most else { return nil }
        try await HostProgram.remove("\(layers)/\(app.text)")
        return size
    }

    private func mark(_ app: UUID, _ name: String) -> String { "\(marks)/\(app.text)/\(name)" }
}
