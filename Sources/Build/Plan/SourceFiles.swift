import Git
import GitWire
import Glibc
import Platform

/// Where the files of a commit are read from.
protocol SourceFiles {
    /// What is at a path whose folders are known to be folders; never looks behind a link.
    func item(at path: String) -> SourceFolder.Item

    /// The bytes of the file at a path, as text.
    ///
    /// - Throws: `BuildError` when it is longer than `limit` bytes, or not UTF-8.
    func text(at path: String, limit: Int) throws(BuildError) -> String?

    /// The names of the folders in the folder at a path, sorted; none when it cannot be read.
    func folders(in path: String) -> [String]
}

/// The files of a commit that was exported.
struct ExportedFiles: SourceFiles {
    /// The folder's path on the disk.
    let root: String

    func item(at path: String) -> SourceFolder.Item {
        var status = stat()
        guard lstat("\(root)/\(path)", &status) == 0 else { return .nothing }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        case S_IFLNK: return .link
        default: return .nothing
        }
    }

    func text(at path: String, limit: Int) throws(BuildError) -> String? {
        try UntrustedFolder(path: root).text(path, limit: limit)
    }

    func folders(in path: String) -> [String] {
        let entries = (try? UntrustedFolder(path: root).entries(path)) ?? []
        return entries.filter { $0.kind == .folder }.map(\.name)
    }
}

/// The files of a commit, read from the repository's objects.
struct CommittedFiles: SourceFiles {
    let repository: Repository
    let commit: ObjectID

    func item(at path: String) -> SourceFolder.Item {
        switch (try? entry(at: path))??.kind {
        case .file: .file
        case .folder: .folder
        case .link: .link
        case .submodule, nil: .nothing
        }
    }

    func text(at path: String, limit: Int) throws(BuildError) -> String? {
        let bytes: [UInt8]?
        do {
            guard let entry = try entry(at: path) else { return nil }
            bytes = try repository.content(of: entry.id, limit: limit)
        } catch {
            throw BuildError("cannot read '\(path.escaped)': \(error)")
        }
        guard let bytes else {
            throw BuildError("'\(path.escaped)' is longer than \(Words.size(limit)), which is the limit")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw BuildError("'\(path.escaped)' is not text in UTF-8")
        }
        return text
    }

    func folders(in path: String) -> [String] {
        let entries = (try? repository.entries(ofFolder: path, in: commit)) ?? []
        return entries.filter { $0.kind == .folder }.map(\.name).sorted()
    }

    private func entry(at path: String) throws(GitError) -> FolderEntry? {
        let name = path.split(separator: "/").last ?? ""
        return try repository.entries(ofFolder: ForeignSettings.folder(of: path), in: commit)?
            .first { $0.name == name }
    }
}
