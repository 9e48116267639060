import Glibc

/// The folder of one push's objects, `objects/incoming-<random>`, which goes away with its owner.
final class QuarantineFolder {
    /// How the names of such folders begin.
    static let prefix = "incoming-"

    let path: String
    private let repository: String
    private var isThere = true

    /// Makes the folder in the repository at `repository`, for nobody else to read.
    init(in repository: String) throws(GitError) {
        self.repository = repository
        path = "\(repository)/objects/\(Self.prefix)\(FileSystem.randomName())"
        try FileSystem.makeDirectory(path, mode: 0o700)
        do throws(GitError) {
            try FileSystem.makeDirectory(packs, mode: 0o700)
        } catch {
            rmdir(path)
            throw error
        }
    }

    // Nobody is left to hear of a failure; the next start of the server removes what stays.
    deinit { try? remove() }

    /// Where packs are.
    var packs: String { "\(path)/pack" }

    /// Moves the pack of that name into the repository, all of it on disk before anyone can see it. The index comes
    /// last: who sees it finds the pack. A pack that is there already stays as it is.
    func migrate(pack name: String) throws(GitError) {
        let target = "\(repository)/objects/pack"
        if !FileSystem.isDirectory(target) { try FileSystem.makeDirectory(target) }
        let files = ["pack-\(name).pack", "pack-\(name).idx"]
        for file in files { try FileSystem.synchronize("\(packs)/\(file)") }
        for file in files where FileSystem.status(of: "\(target)/\(file)") == nil {
            try FileSystem.rename("\(packs)/\(file)", to: "\(target)/\(file)")
        }
        try FileSystem.synchronize(target)
    }

    /// Removes the folder with all in it; does nothing the second time.
    func remove() throws(GitError) {
        guard isThere else { return }
        try FileSystem.remove(path)
        isThere = false
    }
}
