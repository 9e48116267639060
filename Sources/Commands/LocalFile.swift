import Foundation
import Platform

/// A file named by somebody on the machine itself.
enum LocalFile {
    /// Its text.
    ///
    /// - Throws: `Refusal` when it cannot be read.
    static func read(_ path: String) throws(Refusal) -> String {
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw Refusal(
                "cannot read '\(path.escaped)': \(FileManager.default.fileExists(atPath: path) ? "no permission, or not text" : "no such file")"
            )
        }
    }
}
