import Foundation
import Git
import GitWire
import Platform

/// A commit's files, laid out for a build.
struct SourceTree {
    /// The folder that holds them. Nobody writes to it.
    let path: String
    /// Where the files stay for the next build; nil when they do not.
    private let kept: KeptTree?
    private let own: String

    /// Lays the commit's files out.
    ///
    /// - Parameters:
    ///   - place: where they stay for the next build, unless another one is at it.
    ///   - own: a folder of the build's own for what does not stay; the caller removes it.
    /// - Throws: `BuildError` for what cannot be built, such as a submodule.
    init(of source: BuildSource, keptIn place: String, own: String) async throws {
        self.own = own
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try await Self.clear(own)
        if let kept = try KeptTree(place) {
            try await kept.lay(source)
            self.kept = kept
            path = kept.path
        } else {
            try Self.check(
                try await Repository.withRepository(at: source.repository) { repository in
                    try repository.exportTree(of: source.commit, to: own)
                })
            kept = nil
            path = own
        }
    }

    /// The files for a build that changes them: they do not stay.
    ///
    /// - Returns: the folder that holds them now.
    func surrender() async throws -> String {
        try await kept?.move(to: own)
        return own
    }

    private static func clear(_ own: String) async throws {
        try await HostProgram.remove(own)
        try FileManager.default.createDirectory(
            atPath: (own as NSString).deletingLastPathComponent, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o711])
    }

    /// - Throws: `BuildError` when files are not all there.
    static func check(_ export: TreeExport) throws(BuildError) {
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
