import Foundation
import Git
import GitWire
import Platform

/// A commit's files, laid out for a build.
struct SourceTree {
    /// The folder that holds them.
    let path: String

    /// Writes the commit's files into the folder `path`, which is made anew.
    ///
    /// - Throws: `BuildError` for what cannot be built, such as a submodule.
    init(of source: BuildSource, at path: String) async throws {
        self.path = path
        try await HostProgram.remove(path)
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o711])
        let export = try await Repository.withRepository(at: source.repository) { repository in
            try repository.exportTree(of: source.commit, to: path)
        }
        if let path = export.submodules.first {
            throw BuildError(
                "'\(path.escaped)' is a submodule, which cannot be built yet",
                hint: "add its files to the repository itself")
        }
        if let path = export.lfsPointers.first {
            throw BuildError(
                "'\(path.escaped)' is a Git LFS pointer, whose content is not here",
                hint: "store the file itself: 'git lfs migrate export'")
        }
    }
}
