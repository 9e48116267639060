import Foundation
import Glibc

/// Paths that somebody else wrote, taken within a folder: links of the pushed tree lead nowhere outside of it.
enum ContextPath {
    /// The real path of `path` below `folder`; `folder` itself for an empty one.
    ///
    /// - Throws: `BuildError` that calls it `what`, when it is not there or leads outside.
    static func resolve(_ path: String, in folder: String, _ what: String) throws(BuildError) -> String {
        guard let root = real(folder) else { throw BuildError("the folder that is built is gone", hint: "push again") }
        guard let found = real("\(root)/\(path)") else {
            throw BuildError(
                "no \(what) '\(path)' in the repository",
                hint: "paths are below the folder that is built, such as 'api/Dockerfile'")
        }
        guard found == root || found.hasPrefix("\(root)/") else {
            throw BuildError("the \(what) '\(path)' leads out of the repository", hint: "name one that is in it")
        }
        return found
    }

    private static func real(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }
}
