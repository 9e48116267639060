import Foundation
import Platform

/// `app.json` of Heroku and Dokku: its buildpacks, health checks, config variables, and how many processes there are.
struct AppFile {
    static let name = "app.json"
    private static let unused = ["scripts", "cron", "addons"]

    /// Buildpacks that Martlet can use, in order; for another system's, its own.
    var buildpacks: [String] = []
    /// The checks by type of process.
    var health: [String: HealthBlock] = [:]
    /// How many there are by type of process.
    var quantities: [String: Int] = [:]
    /// The config variables that it knows, by name.
    var variables: [VariableDeclaration] = []
    var remarks: [String] = []
    /// Its path.
    let file: String

    /// - Parameters:
    ///   - file: its path.
    ///   - context: the folder that is built.
    /// - Throws: `BuildError`, with the line where it is no JSON.
    init(_ text: String, file: String, context: String) throws(BuildError) {
        self.file = file
        let root: Any
        do {
            root = try JSONSerialization.jsonObject(with: Data(text.utf8))
        } catch {
            throw Self.translated(error as NSError, text, file)
        }
        guard let root = root as? [String: Any] else {
            throw BuildError("\(file):1: it is to be a JSON object, as in '{\"buildpacks\": []}'")
        }
        for key in Self.unused where root[key] != nil { remarks.append("\(file): '\(key)' is not used") }
        if let value = root["buildpacks"] { try readBuildpacks(value, context) }
        if let types = root["healthchecks"] { try readChecks(types) }
        if let types = root["formation"] { try readFormation(types) }
        if let variables = root["env"] { try readVariables(variables) }
    }

    /// A complaint about it.
    func error(_ text: String) -> BuildError { BuildError("\(file): \(text)") }

    private mutating func readBuildpacks(_ value: Any, _ context: String) throws(BuildError) {
        guard let entries = value as? [[String: Any]] else {
            throw error("'buildpacks' takes a list, as in '[{\"url\": \"martlet/python\"}]'")
        }
        for entry in entries {
            guard let url = entry["url"] as? String else {
                throw error("a buildpack needs 'url', as in '{\"url\": \"martlet/python\"}'")
            }
            if let ours = BuildpackName.counterpart(url) {
                buildpacks.append(ours)
                remarks.append("\(file): '\(ours)' stands in for '\(Setting.shown(url))'")
            } else if url.hasPrefix("heroku/") || url.contains("://") {
                remarks.append("\(file): '\(Setting.shown(url))' is not used: it does not come with Martlet")
            } else {
                let folder = ForeignSettings.folder(of: file)
                buildpacks.append(
                    try BuildpackName.read(url, folder: folder, context: context) {
                        BuildError("\(file): \($0)", hint: $1)
                    })
            }
        }
    }

    /// Foundation tells a character, or a line and a column.
    private static func translated(_ error: NSError, _ text: String, _ file: String) -> BuildError {
        var problem = error.userInfo[NSDebugDescriptionErrorKey] as? String ?? error.localizedDescription
        if problem.hasSuffix(".") { problem.removeLast() }
        let number = { (word: String) in
            problem.firstRange(of: "\(word) ").flatMap { Int(problem[$0.upperBound...].prefix(while: \.isNumber)) }
        }
        let line = number("line") ?? number("character").map { text.prefix($0).count(where: \.isNewline) + 1 }
        return ForeignSettings.error(file, line, "it is no JSON: \(Setting.shown(problem))")
    }
}
