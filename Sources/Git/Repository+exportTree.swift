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
}
