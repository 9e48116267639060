/// What a user may do with an app, from least to most.
package enum Role: String, Sendable, CaseIterable, Comparable {
    /// See it, read its logs, fetch its repository.
    case viewer
    /// Also push and deploy.
    case deployer
    /// Also change its settings and who has access, and destroy it.
    case maintainer

    package static func < (one: Role, other: Role) -> Bool { one.rank < other.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
