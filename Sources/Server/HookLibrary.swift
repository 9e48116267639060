import Foundation
import Hooks
import Platform

/// The hooks that come with Martlet, for admins to enable.
struct HookLibrary: Sendable {
    /// A hook that comes with Martlet.
    struct Script: Sendable {
        let name: String
        let path: String
        /// When it can run: what its line `# Hook: …` names.
        let kinds: [HookKind]
        /// What it does and how it is configured: the comment at its top.
        let usage: String
        let content: Data
    }

    private let path: String

    /// - Parameter named: the folder that the configuration names; nil to look beside the program: in `share/martlet/hooks` of
    ///   where it is installed, or in the checkout where it was built.
    /// - Throws: `Refusal` when there is none.
    init(named: String?) throws(Refusal) {
        guard let path = named ?? ProgramFolder.path("hooks") else {
            throw Refusal("cannot find the hooks that come with Martlet; set MARTLET_HOOK_LIBRARY to their folder")
        }
        self.path = path
    }

    /// All of them, by name.
    ///
    /// - Throws: `Refusal` when the folder cannot be read.
    func scripts() throws(Refusal) -> [Script] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw Refusal("cannot read the folder '\(path)'; set MARTLET_HOOK_LIBRARY to the one with Martlet's hooks")
        }
        return names.sorted().compactMap(script)
    }

    /// - Throws: `Refusal` that names those there are.
    func script(named name: String) throws(Refusal) -> Script {
        let scripts = try scripts()
        guard let script = scripts.first(where: { $0.name == name }) else {
            throw Refusal(
                "no hook named '\(name.escaped)'; there are \(scripts.map(\.name).joined(separator: ", "))",
                exitStatus: 2)
        }
        return script
    }

    /// The hook in a file; nil when it does not say that it is one.
    private func script(_ name: String) -> Script? {
        guard let content = FileManager.default.contents(atPath: "\(path)/\(name)") else { return nil }
        let text = String(decoding: content, as: UTF8.self)
        guard text.hasPrefix("#!") else { return nil }
        let comment = text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().prefix {
            $0.hasPrefix("#")
        }
        let lines = comment.map { String($0.dropFirst().trimmingPrefix(" ")) }
        guard let line = lines.first(where: { $0.hasPrefix("Hook: ") }) else { return nil }
        let kinds = line.split(separator: " ").dropFirst().compactMap { HookKind(rawValue: String($0)) }
        return Script(
            name: name, path: "\(path)/\(name)", kinds: kinds,
            usage: lines.filter { $0 != line }.joined(separator: "\n"), content: content)
    }
}
