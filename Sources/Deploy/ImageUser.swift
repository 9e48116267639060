/// The user as which an image runs, by its numbers.
struct ImageUser: Sendable, Equatable {
    let id: Int
    let group: Int

    /// The user called `name`: `NAME`, `UID`, `NAME:GROUP` or `UID:GID`, by the files of a container.
    ///
    /// - Returns: nil for root, and for one that is not known, as which nothing can be started anyway.
    static func find(_ name: String, in files: ContainerFiles) async throws -> ImageUser? {
        if name.isEmpty || name == "root" || name == "0" { return nil }
        let users = try await files.text("/etc/passwd") ?? ""
        let groups = name.contains(":") ? try await files.text("/etc/group") ?? "" : ""
        guard let user = parse(name, users: users, groups: groups), user.id != 0 else { return nil }
        return user
    }

    /// - Parameters:
    ///   - users: as in passwd(5).
    ///   - groups: as in group(5).
    static func parse(_ name: String, users: String, groups: String) -> ImageUser? {
        let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
        guard let first = parts.first else { return nil }
        let entry = entry(first, in: users)
        guard let id = Int(first) ?? entry.flatMap({ number($0, 2) }) else { return nil }
        guard parts.count == 2 else { return ImageUser(id: id, group: entry.flatMap { number($0, 3) } ?? 0) }
        guard let group = Int(parts[1]) ?? Self.entry(parts[1], in: groups).flatMap({ number($0, 2) }) else {
            return nil
        }
        return ImageUser(id: id, group: group)
    }

    private static func entry(_ name: String, in file: String) -> [Substring]? {
        let entries = file.split(separator: "\n").map { $0.split(separator: ":", omittingEmptySubsequences: false) }
        return entries.first { $0[0] == name } ?? entries.first { $0.count > 2 && $0[2] == name }
    }

    private static func number(_ entry: [Substring], _ field: Int) -> Int? {
        entry.indices.contains(field) ? Int(entry[field]) : nil
    }
}
