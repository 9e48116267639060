import Glibc

/// The folder whose sub-folders `pre-receive.d`, `update.d` … hold an installation's hooks.
package struct HookFolder: Sendable {
    /// The folder, absolute.
    package let path: String

    /// - Parameter path: absolute; the folder need not exist.
    package init(_ path: String) { self.path = path }

    /// Where the hooks of a kind are.
    package func folder(of kind: HookKind) -> String { "\(path)/\(kind.folderName)" }

    /// The hooks of a kind in the order of their names' bytes; none when there is no such folder. Names that begin with
    /// `.`, end with `~` or `.sample` or hold `.dpkg-` are not looked at, and folders are none.
    ///
    /// - Parameter skipped: called with each file that is not executable.
    /// - Throws: `HookError` when the folder cannot be read.
    package func hooks(of kind: HookKind, skipped: (String) -> Void = { _ in }) throws(HookError) -> [Hook] {
        let folder = folder(of: kind)
        var hooks: [Hook] = []
        for name in try Self.names(in: folder) where Self.isCandidate(name) {
            let path = "\(folder)/\(name)"
            var status = stat()
            // One that cannot be looked at, such as a link to nothing, counts: to pass over a check would be to pass it.
            guard stat(path, &status) == 0 else {
                hooks.append(Hook(name: name, path: path))
                continue
            }
            if status.st_mode & S_IFMT == S_IFDIR { continue }
            if status.st_mode & 0o111 == 0 { skipped(name) } else { hooks.append(Hook(name: name, path: path)) }
        }
        return hooks
    }

    private static func isCandidate(_ name: String) -> Bool {
        !name.hasPrefix(".") && !name.hasSuffix("~") && !name.hasSuffix(".sample") && !name.contains(".dpkg-")
    }

    private static func names(in folder: String) throws(HookError) -> [String] {
        guard let stream = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw HookError(
                operation: "read the hooks in '\(folder)'",
                reason: "\(String(cString: strerror(errno))); check the folder's owner and mode")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
