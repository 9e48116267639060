import Foundation

/// Lays buildpacks out for a build: those that come with the server, and those of an app's repository.
struct BuildpackLoader {
    /// Bytes that the archive of a buildpack may unpack to.
    private static let largest = 1 << 30
    private static let archiveSuffixes = [".tgz", ".tar.gz", ".tar"]

    /// The server's folder: a buildpack, or an archive with some, in each entry. It is trusted.
    let bundled: String
    /// A folder of ours, for this build.
    let work: String

    /// The buildpacks of the server.
    func catalog() async throws -> BuildpackCatalog {
        var catalog = BuildpackCatalog()
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: bundled).sorted() else {
            throw BuildError(
                "there is no folder '\(bundled)' of buildpacks", hint: "install the server with its buildpacks")
        }
        for name in names {
            do {
                for buildpack in try await load("\(bundled)/\(name)", name) { catalog.add(buildpack) }
            } catch let error as BuildError {
                catalog.reject(error)  // one that is broken must not stop builds that do not ask for it
            }
        }
        return catalog
    }

    /// The order in which the server's buildpacks are tried: that of `order.toml`, else each by itself.
    func order(_ catalog: BuildpackCatalog) throws -> [[BuildpackReference]] {
        guard let text = try UntrustedFolder(path: bundled).text("order.toml") else {
            return catalog.ids.map { [BuildpackReference(id: $0)] }
        }
        return try BuildpackReference.order(TOMLDocument(text, name: "'order.toml'"))
    }

    /// What `references` ask for, added to `catalog`: IDs, or paths of folders and archives below `source`.
    ///
    /// - Throws: `BuildError` when one is not there, or not a buildpack.
    func resolve(
        _ references: [String], in source: UntrustedFolder, _ catalog: inout BuildpackCatalog
    ) async throws -> [BuildpackReference] {
        var catalogue = catalog
        var resolved: [BuildpackReference] = []
        for (index, text) in references.enumerated() {
            let reference = BuildpackReference(text)
            if !Self.isPath(text), catalogue.find(reference) != nil {
                resolved.append(reference)
                continue
            }
            guard let found = try await repositoryBuildpacks(text, in: source, index) else {
                throw catalogue.missing(reference)
            }
            for buildpack in found { catalogue.add(buildpack) }
            resolved.append(try Self.top(found, text))
        }
        catalog = catalogue
        return resolved
    }

    /// Nil when there is nothing at that path.
    private func repositoryBuildpacks(_ text: String, in source: UntrustedFolder, _ index: Int) async throws
        -> [Buildpack]?
    {
        if let scheme = text.range(of: "://") {
            throw BuildError(
                "buildpack '\(text)': '\(text[..<scheme.upperBound])' is not supported",
                hint: "name a buildpack of the server, or a folder or archive of the repository")
        }
        if text.hasPrefix("/") || text.split(separator: "/").contains("..") {
            throw BuildError("buildpack '\(text)' is outside the repository")
        }
        let path = text.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
        let target = "\(work)/buildpacks/\(index)"
        switch try source.kind(path) {
        case nil where Self.isPath(text): throw BuildError("the repository has no buildpack '\(text)'")
        case nil: return nil
        case .other: throw BuildError("buildpack '\(text)' is a link", hint: "name the folder that it points to")
        case .file: return try await unpack("\(source.path)/\(path)", to: target, text)
        case .folder:
            try FileManager.default.createDirectory(
                atPath: "\(work)/buildpacks", withIntermediateDirectories: true)
            try await HostProgram.run("cp", ["-a", "-T", "--", "\(source.path)/\(path)", target])
            return [try Self.read(UntrustedFolder(path: target), "", text)]
        }
    }

    private func load(_ path: String, _ name: String) async throws -> [Buildpack] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return [] }
        if isFolder.boolValue {
            let folder = UntrustedFolder(path: path)
            return try folder.kind("buildpack.toml") == nil ? [] : [try Self.read(folder, "", name)]
        }
        guard Self.archiveSuffixes.contains(where: name.hasSuffix) else { return [] }
        return try await unpack(path, to: "\(work)/buildpacks/server-\(name)", name)
    }

    /// Unpacks an archive: with `buildpack.toml` at its top or in its only folder, or with several buildpacks at
    /// `/cnb/buildpacks/<id>/<version>` (distribution specification, "Buildpack Layer Blobs").
    private func unpack(_ archive: String, to target: String, _ name: String) async throws -> [Buildpack] {
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        let plain = "\(target).tar"
        try await Self.plain(archive, plain, name)
        do {
            // GNU tar never leaves the folder: it takes no '..', and makes links that point outside last.
            try await HostProgram.run(
                "tar", ["-xf", plain, "-C", target, "--no-same-owner", "--no-same-permissions"])
        } catch let error as BuildError {
            throw BuildError("buildpack '\(name)' cannot be unpacked: \(error)")
        }
        try await HostProgram.remove(plain)
        do {
            try await HostProgram.run(
                "sh", ["-c", #"[ -z "$(find "$1" ! -type f ! -type d ! -type l -print -quit)" ]"#, "sh", target])
        } catch is BuildError {
            throw BuildError("buildpack '\(name)' holds a device or a pipe")
        }
        return try Self.buildpacks(in: UntrustedFolder(path: target), name)
    }

    private static func plain(_ archive: String, _ plain: String, _ name: String) async throws {
        let unpack = name.hasSuffix(".tar") ? "cat" : "gzip -dc"
        try await HostProgram.run(
            "sh", ["-c", "\(unpack) < \"$1\" | head -c \"$2\" > \"$3\"", "sh", archive, "\(largest)", plain])
        let size = try FileManager.default.attributesOfItem(atPath: plain)[.size] as? Int ?? 0
        guard size < largest else {
            throw BuildError("buildpack '\(name)' unpacks to more than \(largest >> 20) MiB")
        }
    }

    private static func buildpacks(in folder: UntrustedFolder, _ name: String) throws -> [Buildpack] {
        if try folder.kind("buildpack.toml") == .file { return [try read(folder, "", name)] }
        let top = try folder.entries("").filter { $0.kind == .folder }
        if top.count == 1, try folder.kind("\(top[0].name)/buildpack.toml") == .file {
            return [try read(folder, top[0].name, name)]
        }
        var found: [Buildpack] = []
        for id in try folder.entries("cnb/buildpacks") where id.kind == .folder {
            for version in try folder.entries("cnb/buildpacks/\(id.name)") where version.kind == .folder {
                found.append(try read(folder, "cnb/buildpacks/\(id.name)/\(version.name)", name))
            }
        }
        guard !found.isEmpty else { throw BuildError("buildpack '\(name)' has no 'buildpack.toml'") }
        return found
    }

    private static func read(_ folder: UntrustedFolder, _ path: String, _ name: String) throws -> Buildpack {
        let file = path.isEmpty ? "buildpack.toml" : "\(path)/buildpack.toml"
        guard let text = try folder.text(file) else { throw BuildError("buildpack '\(name)' has no 'buildpack.toml'") }
        let descriptor = try BuildpackDescriptor(text, place: "\(name): buildpack.toml")
        return Buildpack(descriptor: descriptor, folder: path.isEmpty ? folder.path : "\(folder.path)/\(path)")
    }

    /// Of several buildpacks in one archive, the one that is no part of another.
    private static func top(_ buildpacks: [Buildpack], _ name: String) throws -> BuildpackReference {
        let parts = Set(buildpacks.flatMap { $0.descriptor.order.flatMap { $0 }.map(\.id) })
        let tops = buildpacks.filter { !parts.contains($0.id) }
        guard let top = tops.first, tops.count == 1 else {
            throw BuildError(
                "'\(name)' holds several buildpacks: \(buildpacks.map(\.description).joined(separator: ", "))",
                hint: "add one whose '[[order]]' names them")
        }
        return BuildpackReference(id: top.id, version: top.descriptor.version)
    }

    private static func isPath(_ text: String) -> Bool {
        text.hasPrefix("./") || text.hasPrefix("/") || text.hasPrefix("../")
            || archiveSuffixes.contains(where: text.hasSuffix)
    }
}
