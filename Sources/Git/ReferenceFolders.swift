import GitWire
import Glibc

/// The folders that loose references are kept in, one for each slash of a name.
struct ReferenceFolders {
    /// The repository's folder.
    let repository: String

    /// Where the loose file of a reference is, if it has one.
    func file(of name: ReferenceName) -> String { "\(repository)/\(name)" }

    /// The folder that the loose file of a reference is in.
    func folder(of name: ReferenceName) -> String { parents(of: name).last ?? "\(repository)/refs" }

    /// Makes the folders that `name` needs; returns those that have a new entry now.
    func make(for name: ReferenceName) throws(GitError) -> Set<String> {
        var changed: Set<String> = []
        var previous = repository
        for folder in parents(of: name) {
            if !FileSystem.isDirectory(folder) {
                guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
                    throw FileSystem.failure("create folder '\(folder)'")
                }
                changed.insert(previous)
            }
            previous = folder
        }
        return changed
    }

    /// Removes the folders that the deletion of `name` left empty, but never those right below `refs`; returns the
    /// folder whose entries changed last.
    func prune(after name: ReferenceName) -> String {
        var folders = parents(of: name)
        while folders.count > 2, let folder = folders.last, rmdir(folder) == 0 { folders.removeLast() }
        return folders.last ?? "\(repository)/refs"
    }

    /// Removes a folder that stands where a file shall be, if nothing but empty folders is in it. What else is in
    /// the way shows when the file is put there.
    func removeEmpty(_ path: String) {
        guard FileSystem.isDirectory(path), let names = try? FileSystem.names(in: path) else { return }
        for name in names { removeEmpty("\(path)/\(name)") }
        rmdir(path)
    }

    /// `…/refs`, `…/refs/heads`, … down to the folder of the file.
    private func parents(of name: ReferenceName) -> [String] {
        let parts = name.text.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
        return (1..<max(parts.count, 1)).map { "\(repository)/" + parts[..<$0].joined(separator: "/") }
    }
}
