import Foundation
import Hooks
import Platform

/// `martlet hooks …`: which hooks run is decided on the machine itself, never over SSH.
package struct HookCommands: Sendable {
    private let configuration: Configuration

    package init(_ configuration: Configuration) { self.configuration = configuration }

    /// Runs `enable NAME [--as NN]`, `disable NAME` or `list [--json]`.
    ///
    /// - Returns: the exit status.
    /// - Throws: why the data folder cannot be used.
    package func run(_ words: [String]) throws -> Int32 {
        do {
            return try perform(words)
        } catch let refusal as Refusal {
            Self.complain("martlet: \(refusal)")
            return refusal.exitStatus
        }
    }

    private func perform(_ words: [String]) throws -> Int32 {
        let hooks = EnabledHooks(folder: try DataFolder(configuration.data).hooks)
        switch (words.first, words.count) {
        case ("list", 1): try list(hooks)
        case ("list", 2) where words[1] == "--json": try listAsJSON(hooks)
        case ("enable", 2): try enable(words[1], as: nil, hooks)
        case ("enable", 4) where words[2] == "--as": try enable(words[1], as: Self.number(words[3]), hooks)
        case ("disable", 2): try disable(words[1], hooks)
        default:
            Self.complain("usage: martlet hooks list [--json] | enable NAME [--as NN] | disable NAME")
            return 2
        }
        return 0
    }

    private static func complain(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }

    private static func number(_ text: String) throws(Refusal) -> String {
        guard text.utf8.count == 2, text.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw Refusal("'\(text.escaped)' is not a place in the order: use two digits, 00-99", exitStatus: 2)
        }
        return text
    }

    private func enable(_ name: String, as number: String?, _ hooks: EnabledHooks) throws {
        let script = try HookLibrary(named: configuration.hookLibrary).script(named: name)
        let files = try hooks.enable(script, as: number)
        print("enabled '\(name)'; it runs from now on:")
        for file in files { print("  \(file)") }
        let settings = "\(hooks.folder.path)/\(name).conf"
        let state = FileManager.default.fileExists(atPath: settings) ? "" : ", which does not exist yet"
        print("its settings are in \(settings)\(state)\n\n\(script.usage)")
    }

    private func disable(_ name: String, _ hooks: EnabledHooks) throws {
        let files = try hooks.disable(name)
        guard !files.isEmpty else {
            throw Refusal("'\(name.escaped)' is not enabled; 'martlet hooks list' shows what is")
        }
        print("disabled '\(name)'")
    }

    /// A hook that comes with Martlet, or one that runs, or both.
    private struct Line: Encodable {
        let name: String
        let state: String
        let files: [String]
    }

    private func lines(_ hooks: EnabledHooks) throws -> [Line] {
        let scripts = try HookLibrary(named: configuration.hookLibrary).scripts()
        let entries = try hooks.entries()
        let bundled = scripts.map { script in
            let found = entries.filter { $0.name == script.name }
            let isCurrent = found.allSatisfy { FileManager.default.contents(atPath: $0.path) == script.content }
            let state = found.isEmpty ? "off" : isCurrent ? "on" : "on, differs from the one that comes with Martlet"
            return Line(name: script.name, state: state, files: found.map { "\($0.kind.folderName)/\($0.file)" })
        }
        let own = entries.filter { entry in !scripts.contains { $0.name == entry.name } }
        return bundled
            + own.map { Line(name: $0.name, state: "on, your own", files: ["\($0.kind.folderName)/\($0.file)"]) }
    }

    private func list(_ hooks: EnabledHooks) throws {
        let lines = try lines(hooks)
        let width = lines.map(\.name.count).max() ?? 0
        for line in lines {
            let name = line.name.padding(toLength: width, withPad: " ", startingAt: 0)
            print("\(name)  \(([line.state] + line.files).joined(separator: "  "))")
        }
    }

    private func listAsJSON(_ hooks: EnabledHooks) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(lines(hooks)), as: UTF8.self))
    }
}
