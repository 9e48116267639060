extension Repository {
    /// Looks at every object, pack and reference, and returns what is wrong; empty if all is sound.
    ///
    /// Every object is read, hashed and judged as a new one would be; all that references reach has to be there. A
    /// push or `consolidatePacks` may be at work meanwhile. Takes time and reads the whole repository.
    package func checkIntegrity() -> [RepositoryFinding] {
        var check = RepositoryCheck(path)
        check.run()
        return check.findings
    }
}

/// Something wrong with a repository.
package struct RepositoryFinding: Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    package enum Problem: String, Sendable {
        /// A pack or its index is damaged; objects in it may be lost.
        case corruptPack = "corrupt pack"
        /// A pack has no index; nobody finds the objects in it. `git index-pack` makes one.
        case missingIndex = "missing index"
        /// An index has no pack.
        case missingPack = "missing pack"
        /// An object cannot be read, or is not what its ID says.
        case corruptObject = "corrupt object"
        /// An object is what its ID says, but would be refused in a push.
        case malformedObject = "malformed object"
        /// An object that a reference needs is not there.
        case missingObject = "missing object"
        /// A reference cannot be read, or leads nowhere.
        case brokenReference = "broken reference"
        /// A file or folder cannot be read.
        case unreadable = "unreadable"
    }

    package let problem: Problem
    /// The object's ID, the reference's name, or the file's path within the repository.
    package let subject: String
    /// Why: lower case, one line.
    package let reason: String

    /// For people: "corrupt pack 'objects/pack/pack-….pack': …"
    package var description: String { "\(problem.rawValue) '\(subject)': \(reason)" }
}
