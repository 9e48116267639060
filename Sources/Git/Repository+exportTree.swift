package import GitWire

extension Repository {
    /// Writes the tree of `commit` into the folder `directory`, which is made if it is not there and must be empty.
    ///
    /// Nothing is ever written outside: names are judged again, every file, link and folder must be new, and no
    /// link is followed. Files get mode 644 or 755, folders 755. A link's target is data: it may point anywhere,
    /// and whoever reads the folder afterwards must mind that.
    ///
    /// - Throws: when the commit or anything in it is missing, a name is not allowed, or a limit is exceeded. What
    ///   was written until then stays; the caller removes the folder.
    package func exportTree(
        of commit: ObjectID, to directory: String, limits: ExportLimits = ExportLimits()
    ) throws(GitError) -> TreeExport {
        let tree = try self.commit(commit).tree
        var exporter = TreeExporter(database: database, limits: limits)
        return try exporter.export(ObjectKey(tree), to: directory)
    }

    /// Makes the folder `directory`, which holds the tree of the commit `old`, hold that of `commit`: to whoever reads
    /// it, it is what an export makes.
    ///
    /// Files and links that are the same in both stay, unless somebody has touched them since `time`; everything else is
    /// replaced or removed, never written to. What is promised of an export holds here too.
    ///
    /// - Parameters:
    ///   - old: the commit of which the latest export or update into the folder ended well, and reported no pointer.
    ///   - time: when that was over, in nanoseconds since 1970 by the machine's clock.
    /// - Returns: as an export.
    /// - Throws: as an export, and when `old` is missing. What the folder holds then is undefined.
    package func updateTree(
        at directory: String, from old: ObjectID, of time: Int, to commit: ObjectID,
        limits: ExportLimits = ExportLimits()
    ) throws(GitError) -> TreeExport {
        let former = FormerExport(tree: ObjectKey(try self.commit(old).tree), time: time)
        let tree = try self.commit(commit).tree
        var exporter = TreeExporter(database: database, limits: limits, former: former)
        return try exporter.export(ObjectKey(tree), to: directory)
    }
}
