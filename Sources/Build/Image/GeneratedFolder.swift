import Foundation

/// A folder for one generated Dockerfile, apart from the files that are built.
///
/// Beside it is an ignore file of its own, empty, which goes before the repository's (Dockerfile reference).
struct GeneratedFolder {
    let path: String
    var dockerfile: String { "\(path)/Dockerfile" }

    /// - Throws: `BuildError` when it cannot be made.
    init(in parent: String) throws(BuildError) {
        path = "\(parent)/\(UUID().uuidString.lowercased())"
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw BuildError("cannot make the folder '\(path)': \(error.localizedDescription)")
        }
    }

    /// - Throws: `BuildError` when the files cannot be written.
    func write(_ text: String) throws(BuildError) {
        do {
            try Data(text.utf8).write(to: URL(filePath: dockerfile))
            try Data().write(to: URL(filePath: "\(dockerfile).dockerignore"))
        } catch {
            throw BuildError("cannot write '\(dockerfile)': \(error.localizedDescription)")
        }
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
