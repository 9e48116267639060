package import GitWire

extension Repository {
    /// The paths of the files in which two commits differ: new ones, ones that are gone, and ones whose content or mode
    /// is another, a renamed one by both its names, a submodule as a file. Relative to the top, sorted; bytes that are
    /// not UTF-8 are replaced. Only folders that differ are read.
    ///
    /// - Parameters:
    ///   - old: nil for an empty tree.
    ///   - limit: how many paths at most.
    /// - Returns: nil when there are more, or more than 100,000 folders differ: nobody shall take some of them for all.
    /// - Throws: when a commit or a tree is missing.
    package func changedPaths(from old: ObjectID?, to new: ObjectID, limit: Int) throws(GitError) -> [String]? {
        let trees = (
            old: try old.map { id throws(GitError) in ObjectKey(try commit(id).tree) },
            new: ObjectKey(try commit(new).tree)
        )
        var comparison = TreeComparison(database: database, limit: limit)
        return try comparison.compare(trees.old, trees.new)
    }
}
