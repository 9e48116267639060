import Glibc

/// The files of one push's objects, `objects/incoming-<random>.pack` and `.idx`, which go away with their owner.
///
/// Two files and no folder: for a small push, folders would be most of what it costs.
final class QuarantineFiles {
    /// How the names of such files begin.
    static let prefix = "incoming-"

    /// The path of the files without their endings.
    private(set) var stem: String
    private let repository: String
    /// The folder that holds them, in the form of git's `objects`, once somebody asked for one.
    private var folder: String?

    /// Creates nothing yet. The files are in the repository at `repository`, so that they can be moved into it.
    init(in repository: String) throws(GitError) {
        guard FileSystem.isDirectory("\(repository)/objects") else {
            throw GitError(operation: "open repository '\(repository)'", reason: "there is no repository")
        }
        self.repository = repository
        stem = "\(repository)/objects/\(Self.prefix)\(FileSystem.randomName())"
    }

    // Nobody is left to hear of a failure; the next start of the server removes what stays.
    deinit { try? remove() }

    var pack: String { "\(stem).pack" }
    var index: String { "\(stem).idx" }

    /// Puts the files into a folder of git's form for programs that expect one, with the pack under the name that it
    /// will have; nil for none. Returns the folder's path. Who has the files open has to open them again.
    func makeFolder(pack name: String?) throws(GitError) -> String {
        if let folder { return folder }
        let folder = stem
        try FileSystem.makeDirectory(folder, mode: 0o700)
        self.folder = folder
        try FileSystem.makeDirectory("\(folder)/pack", mode: 0o700)
        guard let name else { return folder }
        let old = (pack, index)
        stem = "\(folder)/pack/pack-\(name)"
        try FileSystem.rename(old.0, to: pack)
        try FileSystem.rename(old.1, to: index)
        return folder
    }

    /// Moves the pack into the repository under that name, all of it on disk before anyone can see it. The index comes
    /// last: who sees it finds the pack. A pack that is there already stays as it is.
    func migrate(pack name: String) throws(GitError) {
        let target = "\(repository)/objects/pack"
        if !FileSystem.isDirectory(target) { try FileSystem.makeDirectory(target) }
        let files = [(pack, "\(target)/pack-\(name).pack"), (index, "\(target)/pack-\(name).idx")]
        for (file, _) in files { try FileSystem.synchronize(file) }
        for (file, target) in files where FileSystem.status(of: target) == nil {
            try FileSystem.rename(file, to: target)
        }
        try FileSystem.synchronize(target)
    }

    /// Removes what is left of the files; does nothing the second time.
    func remove() throws(GitError) {
        guard folder == nil else {
            try FileSystem.remove(folder ?? stem)
            return
        }
        for file in [pack, index] {
            guard unlink(file) == 0 || errno == ENOENT || errno == ENOTDIR else {
                throw FileSystem.failure("remove '\(file)'")
            }
        }
    }
}
