import Foundation
import Glibc
import Hooks
import Platform

/// The hooks that run on an installation: files in its data folder, each with a number in front that orders it.
struct EnabledHooks: Sendable {
    /// One of them.
    struct Entry: Sendable {
        let kind: HookKind
        /// The name of its file, such as `50-refuse-secrets`.
        let file: String
        let path: String

        /// The name without its number.
        var name: String {
            let digits = file.prefix { $0.isASCII && $0.isNumber }
            return digits.isEmpty || file.dropFirst(digits.count).first != "-"
                ? file : String(file.dropFirst(digits.count + 1))
        }
    }

    let folder: HookFolder

    /// All that would run, in order.
    ///
    /// - Throws: `HookError` when a folder cannot be read.
    func entries() throws(HookError) -> [Entry] {
        var entries: [Entry] = []
        for kind in HookKind.allCases {
            entries += try folder.hooks(of: kind).map { Entry(kind: kind, file: $0.name, path: $0.path) }
        }
        return entries
    }

    /// Copies a script to where it runs, over an older copy or one of another number. A copy, not a link: what runs on each
    /// push must not change, or vanish, with a checkout.
    ///
    /// - Parameter number: two digits, or nil to keep the number it has, or else to take 50.
    /// - Returns: the files it is in now.
    func enable(_ script: HookLibrary.Script, as number: String?) throws -> [String] {
        let old = try entries().filter { $0.name == script.name }
        var files: [String] = []
        for kind in script.kinds {
            let former = old.first { $0.kind == kind }
            let file = number.map { "\($0)-\(script.name)" } ?? former?.file ?? "50-\(script.name)"
            let path = "\(folder.folder(of: kind))/\(file)"
            try write(script.content, to: path)
            files.append(path)
        }
        for entry in old where !files.contains(entry.path) { try FileManager.default.removeItem(atPath: entry.path) }
        return files
    }

    /// Removes a hook, whatever its numbers.
    ///
    /// - Returns: the files that are gone; none when it was not enabled.
    func disable(_ name: String) throws -> [String] {
        let found = try entries().filter { $0.name == name }
        for entry in found { try FileManager.default.removeItem(atPath: entry.path) }
        return found.map(\.path)
    }

    /// In one step, under a name that is not looked at before: a push that comes meanwhile runs the old one or the new one.
    private func write(_ content: Data, to path: String) throws {
        let url = URL(filePath: path)
        let draft = url.deletingLastPathComponent().appending(path: ".\(url.lastPathComponent)").path
        try content.write(to: URL(filePath: draft))
        guard chmod(draft, 0o755) == 0, rename(draft, path) == 0 else {
            throw HookError(operation: "write '\(path)'", reason: String(cString: strerror(errno)))
        }
    }
}
