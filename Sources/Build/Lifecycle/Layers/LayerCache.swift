import Foundation
import Glibc

/// What an app's builds with buildpacks keep for the next one: folders of cached layers, and a record of the last build.
///
/// No container ever sees it, so that nothing in it changes but by this.
struct LayerCache: Sendable {
    /// The folder for one app.
    let folder: String

    private var current: String { "\(folder)/current" }
    private var next: String { "\(folder)/next" }

    /// The record of the last build; nil when there is none, or none that is understood.
    func record() -> BuildRecord? {
        guard let data = FileManager.default.contents(atPath: "\(current)/record.json") else { return nil }
        return try? JSONDecoder().decode(BuildRecord.self, from: data)
    }

    /// Lays out what `buildpack` finds of its last build in the new folder `destination` (Buildpack API, "Layer Types").
    ///
    /// - Parameters:
    ///   - record: of the last build; nil to find nothing.
    ///   - hasImage: whether the last build's image is still there, without which launch layers cannot be used again.
    func restore(_ buildpack: Buildpack, _ record: BuildRecord?, hasImage: Bool, to destination: String) async throws {
        try FileManager.default.createDirectory(atPath: destination, withIntermediateDirectories: true)
        guard let entry = record?.buildpacks[buildpack.escapedID] else { return }
        if let store = entry.store {
            try write("[metadata]\n\(TOMLItem.lines(store))", to: "\(destination)/store.toml")
        }
        for (name, layer) in entry.layers.sorted(by: { $0.key < $1.key }) {
            switch try restoration(buildpack, name, layer.content, hasImage) {
            case .nothing: continue
            case .metadata: try write(layer.content.restored, to: "\(destination)/\(name).toml")
            case .folder(let cached):
                try write(layer.content.restored, to: "\(destination)/\(name).toml")
                try await HostProgram.run("cp", ["-a", "--reflink=auto", "--", cached, "\(destination)/\(name)"])
            }
        }
    }

    private enum Restoration {
        case nothing, metadata
        case folder(String)
    }

    private func restoration(
        _ buildpack: Buildpack, _ name: String, _ content: LayerContent, _ hasImage: Bool
    ) throws -> Restoration {
        if content.isCached {
            let path = "\(buildpack.escapedID)/\(name)"
            let isThere = try UntrustedFolder(path: current).kind(path) == .folder
            return isThere ? .folder("\(current)/\(path)") : .nothing
        }
        return content.isForLaunch && !content.isForBuild && hasImage ? .metadata : .nothing
    }

    /// Takes the cached layers out of `layers`, the folder of all, and replaces what was kept before.
    func save(_ record: BuildRecord, _ built: [BuiltBuildpack], from layers: UntrustedFolder) async throws {
        try await HostProgram.remove(next)
        try FileManager.default.createDirectory(atPath: next, withIntermediateDirectories: true)
        guard chmod(folder, 0o700) == 0 else { throw BuildError("cannot close the folder of the build cache") }
        for result in built {
            for (name, content) in result.layers where content.isCached {
                let path = "\(result.buildpack.escapedID)/\(name)"
                guard try layers.kind(path) == .folder else { continue }
                try FileManager.default.createDirectory(
                    atPath: "\(next)/\(result.buildpack.escapedID)", withIntermediateDirectories: true)
                try await HostProgram.run("mv", ["-T", "--", "\(layers.path)/\(path)", "\(next)/\(path)"])
            }
        }
        try JSONEncoder().encode(record).write(to: URL(filePath: "\(next)/record.json"))
        try await HostProgram.remove(current)
        try FileManager.default.moveItem(atPath: next, toPath: current)
    }

    private func write(_ text: String, to path: String) throws {
        try text.write(toFile: path, atomically: false, encoding: .utf8)
    }
}
