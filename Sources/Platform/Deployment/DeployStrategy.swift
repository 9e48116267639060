/// In which order the processes of a type change places with those of the release before.
package enum DeployStrategy: String, Sendable, Hashable, Codable, CaseIterable {
    /// The new ones start beside the old ones, which end once the new ones serve: nobody notices.
    case startFirst = "start-first"
    /// The old ones end, then the new ones start: for those that share what only one may write to.
    case stopFirst = "stop-first"
    /// As `stop-first`, and never two at once: one container at most exists, whatever fails.
    case exclusive
}
