/// Reads what layers do to the environment of what comes after them (Buildpack API, "Environment").
struct LayerEnvironment {
    /// Bytes of one value: Linux starts no program with more.
    private static let longestValue = 128 << 10

    enum Phase {
        case build, launch

        /// Variables that name folders of layers.
        var paths: [(variable: String, folder: String)] {
            let both = [("PATH", "bin"), ("LD_LIBRARY_PATH", "lib")]
            let build = [("LIBRARY_PATH", "lib"), ("CPATH", "include"), ("PKG_CONFIG_PATH", "pkgconfig")]
            return self == .build ? both + build : both
        }

        var folder: String { self == .build ? "env.build" : "env.launch" }
    }

    /// The variables that name folders.
    static let pathVariables = Set(Phase.build.paths.map(\.variable))

    /// The folder of all layers.
    let layers: UntrustedFolder
    let phase: Phase

    /// What one layer of a buildpack does.
    func effect(of name: String, _ buildpack: String) throws -> LayerEffect {
        let folder = "\(buildpack)/\(name)"
        var delimiters: [String: String] = [:]
        let common = try read("\(folder)/env", &delimiters)
        var changes = LayerChanges(common: common + (try read("\(folder)/\(phase.folder)", &delimiters)))
        if phase == .launch {
            for process in try layers.entries("\(folder)/\(phase.folder)") where process.kind == .folder {
                var delimiters = delimiters
                changes.add(try read("\(folder)/\(phase.folder)/\(process.name)", &delimiters), for: process.name)
            }
        }
        let folders = try Set(phase.paths.map(\.folder)).filter { try layers.kind("\(folder)/\($0)") == .folder }
        return LayerEffect(folders: folders.sorted(), changes: changes)
    }

    /// What the layers of a buildpack come to: first the paths of all of them, then their files. Of one buildpack, paths
    /// are in the order of the layers' names; they come before those of earlier buildpacks.
    static func changes(of buildpack: String, _ effects: [String: LayerEffect], phase: Phase) -> LayerChanges {
        let layers = effects.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        var changes = LayerChanges(
            common: phase.paths.compactMap { variable, folder in
                let path = layers.filter { $0.value.folders.contains(folder) }
                    .map { "/layers/\(buildpack)/\($0.key)/\(folder)" }.joined(separator: ":")
                return path.isEmpty ? nil : EnvironmentChange(variable, .prepend, path, delimiter: ":")
            })
        for layer in layers { changes.add(layer.value.changes) }
        return changes
    }

    /// The files of one folder, in order of their names. `delimiters` are the layer's so far.
    private func read(_ folder: String, _ delimiters: inout [String: String]) throws -> [EnvironmentChange] {
        let files = try layers.entries(folder).filter { $0.kind == .file }.map { Self.split($0.name) }
        for file in files where file.suffix == "delim" {
            delimiters[file.name] = try value("\(folder)/\(file.name).delim")
        }
        return try files.compactMap { file in
            guard let operation = file.suffix.map(EnvironmentChange.Operation.init(rawValue:)) ?? .override,
                !file.name.isEmpty
            else { return nil }
            let value = try value("\(folder)/\(file.name)\(file.suffix.map { ".\($0)" } ?? "")")
            return EnvironmentChange(file.name, operation, value, delimiter: delimiters[file.name] ?? "")
        }
    }

    /// A file's bytes as they are: nothing is trimmed.
    private func value(_ path: String) throws -> String {
        let text = try layers.text(path, limit: Self.longestValue) ?? ""
        guard !text.utf8.contains(0) else { throw BuildError("'\(path)' holds a zero byte") }
        return text
    }

    /// The name of a variable ends at the first period.
    private static func split(_ file: String) -> (name: String, suffix: String?) {
        guard let period = file.firstIndex(of: ".") else { return (file, nil) }
        return (String(file[..<period]), String(file[file.index(after: period)...]))
    }
}

/// What a layer does to the environment: remembered, since one that is used again has no folder to read it from.
package struct LayerEffect: Sendable, Equatable, Codable {
    /// Its folders that variables name, such as `bin`.
    let folders: [String]
    let changes: LayerChanges
}

/// Changes of the environment in their order, some for one type of process only.
package struct LayerChanges: Sendable, Equatable, Codable {
    package struct Step: Sendable, Equatable, Codable {
        package let change: EnvironmentChange
        /// Nil for all.
        package let process: String?
    }

    package private(set) var steps: [Step] = []

    package init(common changes: [EnvironmentChange] = []) { add(changes, for: nil) }

    package mutating func add(_ changes: [EnvironmentChange], for process: String?) {
        steps += changes.map { Step(change: $0, process: process) }
    }

    package mutating func add(_ other: LayerChanges) { steps += other.steps }
}
