/// What a buildpack says of the image: `launch.toml` (Buildpack API, "launch.toml").
package struct LaunchDeclaration: Sendable, Equatable {
    package var processes: [LaunchProcess] = []
    package var labels: [String: String] = [:]
    /// Whether it asks for the app's folder to be cut into several layers.
    package var hasSlices = false

    package init() {}

    /// - Throws: `BuildError` when it is malformed.
    init(_ text: String, name: String, by buildpack: Buildpack) throws {
        let document = try TOMLDocument(text, name: name)
        processes = try document.tables("processes").map { try LaunchProcess($0, by: buildpack) }
        guard Set(processes.map(\.type)).count == processes.count else {
            throw BuildError("\(name) declares a process type twice")
        }
        guard processes.filter(\.isDefault).count < 2 else { throw BuildError("\(name) has two default processes") }
        for label in try document.tables("labels") {
            guard let value = try label.string("value") else { throw BuildError("\(name): a label has no 'value'") }
            labels[try label.required("key")] = value
        }
        hasSlices = try !document.tables("slices").isEmpty
    }

    /// What `declarations` come to, in the order of their buildpacks: of processes and labels of the same name the last
    /// counts, and so does the last default (Buildpack API, "launch.toml").
    package static func combined(
        _ declarations: [LaunchDeclaration]
    ) -> (processes: [LaunchProcess], defaultType: String?, labels: [String: String]) {
        var processes: [LaunchProcess] = []
        var defaultType: String?
        for process in declarations.flatMap(\.processes) {
            processes.removeAll { $0.type == process.type }
            processes.append(process)
            if process.isDefault {
                defaultType = process.type
            } else if defaultType == process.type {
                defaultType = nil  // one that is not a default replaced it
            }
        }
        let labels = declarations.reduce(into: [:]) { $0.merge($1.labels) { $1 } }
        return (processes, defaultType, labels)
    }
}
