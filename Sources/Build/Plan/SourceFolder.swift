import Git
import GitWire
import Platform

/// The tree of a commit, of which nothing can be trusted: no symbolic link is followed, and no more of a file is read
/// than a file of settings may have.
struct SourceFolder {
    /// What may be at a path.
    enum Item: Equatable {
        case file, folder, link, nothing
    }

    /// Bytes that a file of settings may have.
    static let mostBytes = 64 << 10
    private let files: any SourceFiles

    /// - Parameter path: the folder that the tree was exported to.
    init(path: String) { files = ExportedFiles(root: path) }

    /// The tree as it is in a repository.
    init(commit: ObjectID, in repository: Repository) {
        files = CommittedFiles(repository: repository, commit: commit)
    }

    /// The path below the tree's top that `text` names, written the shortest way; nil for one that leads out of it, or
    /// that no tree can hold. Empty for the top itself.
    static func normalise(_ text: String) -> String? {
        guard !text.hasPrefix("/"), !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { return nil }
        let parts = text.split(separator: "/").filter { $0 != "." }
        guard parts.allSatisfy({ $0 != ".." && $0.utf8.count <= 255 }) else { return nil }
        return parts.joined(separator: "/")
    }

    /// `name` in `folder`, which is empty for the top.
    static func join(_ folder: String, _ name: String) -> String { folder.isEmpty ? name : "\(folder)/\(name)" }

    /// What is at a normalised path; `link` as well when a link is on the way to it.
    func item(at path: String) -> Item {
        if path.isEmpty { return .folder }
        var item = Item.folder
        var place = ""
        for part in path.split(separator: "/") {
            guard item == .folder else { return item == .link ? .link : .nothing }
            place = Self.join(place, String(part))
            item = files.item(at: place)
        }
        return item
    }

    /// The text of the file at a normalised path; nil when there is none.
    ///
    /// - Throws: `BuildError` for a link, for a file that is too long, and for one that is not UTF-8.
    func text(at path: String) throws(BuildError) -> String? {
        switch item(at: path) {
        case .nothing: return nil
        case .folder: throw BuildError("'\(path.escaped)' is a folder; it is to be a file")
        case .link:
            throw BuildError("'\(path.escaped)' is a symbolic link; it is to be the file itself")
        case .file: break
        }
        let text = try files.text(at: path, limit: Self.mostBytes)
        if text?.utf8.contains(0) == true { throw BuildError("'\(path.escaped)' is not text in UTF-8") }
        // Some editors begin a file with a mark that is no text.
        return text.map { $0.hasPrefix("\u{FEFF}") ? String($0.dropFirst()) : $0 }
    }

    /// The names of the folders in the folder at a normalised path, sorted; none when it cannot be read.
    func folders(in path: String) -> [String] { files.folders(in: path).filter { !$0.hasPrefix(".") } }
}
