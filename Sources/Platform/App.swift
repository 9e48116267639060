package import Foundation

/// An app: a repository, its releases, and where they run.
package struct App: Hashable, Sendable {
    /// Names everything that belongs to it on disk and in Docker: user text never does.
    package let id: UUID
    package let name: AppName
    package let owner: UserName
    /// The branch whose pushes deploy, such as `main`; nil until the first deployment chose one.
    package let deployBranch: String?
    package let createdAt: Date
    /// Whether its processes are stopped until somebody starts them.
    package let isStopped: Bool

    /// The name of its repository's folder.
    package var repositoryName: String { "\(id.text).git" }
}

extension UUID {
    /// 36 lower-case characters.
    package var text: String { uuidString.lowercased() }
}
