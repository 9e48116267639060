import Foundation

/// Which files of a repository are built: lines as `.gitignore` has them (project descriptor, "include" and "exclude").
struct FilePatterns {
    private let patterns: [PathPattern]

    init(_ lines: [String]) {
        patterns = lines.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.hasPrefix("#") }
            .compactMap { PathPattern($0) }
    }

    /// Whether the last pattern that matches `path`, which is below the top, takes it.
    func matches(_ path: String, isFolder: Bool) -> Bool {
        patterns.last { $0.matchesItself(path, isFolder: isFolder) }.map { !$0.isNegated } ?? false
    }

    /// Removes from the folder at `path` what `plan` leaves out. No program of a build runs yet.
    static func apply(_ plan: BuildpackPlan, to path: String) throws {
        guard !plan.included.isEmpty || !plan.excluded.isEmpty else { return }
        let included = plan.included.isEmpty ? nil : FilePatterns(plan.included)
        try remove(
            UntrustedFolder(path: path, mostEntries: 1_000_000), "", included, FilePatterns(plan.excluded),
            isIncluded: false)
    }

    @discardableResult
    private static func remove(
        _ folder: UntrustedFolder, _ path: String, _ included: FilePatterns?, _ excluded: FilePatterns,
        isIncluded: Bool
    ) throws -> Bool {
        var isEmpty = true
        for entry in try folder.entries(path) {
            let entryPath = SourceFolder.join(path, entry.name)
            let isFolder = entry.kind == .folder
            let isTaken = isIncluded || included?.matches(entryPath, isFolder: isFolder) ?? true
            var isLeftOut = included == nil && excluded.matches(entryPath, isFolder: isFolder)
            if isFolder, !isLeftOut {
                let left = try remove(folder, entryPath, included, excluded, isIncluded: isTaken && included != nil)
                isLeftOut = left && !isTaken
            } else if !isFolder {
                isLeftOut = isLeftOut || !isTaken
            }
            if isLeftOut {
                try FileManager.default.removeItem(atPath: "\(folder.path)/\(entryPath)")
            } else {
                isEmpty = false
            }
        }
        return isEmpty
    }
}
