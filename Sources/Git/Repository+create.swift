import GitWire
import Glibc

extension Repository {
    /// Makes an empty bare repository at `path`, where nothing may be yet; its `HEAD` names the branch
    /// `defaultBranch` (such as "main"), which does not exist so far.
    ///
    /// It is there completely and on disk, or not at all. Its configuration also holds should git itself run in
    /// it: received objects are checked, `refs/martlet/` stays hidden, and nothing is collected unasked.
    package static func create(at path: String, defaultBranch: String) throws(GitError) {
        let operation = "create repository '\(path)'"
        guard ReferenceName("refs/heads/\(defaultBranch)") != nil else {
            throw GitError(operation: operation, reason: "'\(defaultBranch)' is not a branch name")
        }
        guard FileSystem.status(of: path) == nil else {
            throw GitError(operation: operation, reason: "file exists", code: EEXIST)
        }
        let draft = "\(path)\(draftMark)\(FileSystem.randomName())"
        do throws(GitError) {
            try write(draft, defaultBranch: defaultBranch)
            try FileSystem.rename(draft, to: path)
            try FileSystem.synchronize(parent(of: path))
        } catch {
            try FileSystem.remove(draft)
            throw error
        }
    }

    /// Removes repositories below `folder` whose creation was cut off by a crash; returns their paths, sorted. Only
    /// for the start, while none is being created.
    package static func removeIncomplete(in folder: String) throws(GitError) -> [String] {
        let names = try FileSystem.names(in: folder).filter { $0.contains(draftMark) }
        for name in names { try FileSystem.remove("\(folder)/\(name)") }
        return names.map { "\(folder)/\($0)" }.sorted()
    }

    private static let draftMark = ".incomplete-"

    private static func write(_ path: String, defaultBranch: String) throws(GitError) {
        let folders = ["objects/info", "objects/pack", "objects", "refs/heads", "refs/tags", "refs", "info"]
        for folder in ["", "objects", "refs"] + folders where !FileSystem.isDirectory("\(path)/\(folder)") {
            try FileSystem.makeDirectory("\(path)/\(folder)")
        }
        try FileSystem.write("ref: refs/heads/\(defaultBranch)\n", toNew: "\(path)/HEAD")
        try FileSystem.write(configuration, toNew: "\(path)/config")
        for folder in folders { try FileSystem.synchronize("\(path)/\(folder)") }
        try FileSystem.synchronize(path)
    }

    private static func parent(of path: String) -> String {
        let parent = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return parent.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : parent
    }

    private static let configuration = """
        [core]
        \trepositoryformatversion = 0
        \tfilemode = true
        \tbare = true
        \tlogAllRefUpdates = false
        [receive]
        \tfsckObjects = true
        [transfer]
        \thideRefs = refs/martlet
        [gc]
        \tauto = 0

        """
}
