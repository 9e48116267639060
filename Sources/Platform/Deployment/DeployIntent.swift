/// What a run is to do where that is not simply to make live what it builds, with today's config.
package struct DeployIntent: Sendable, Hashable, Codable {
    package enum Action: String, Sendable, Hashable, Codable {
        /// A new release.
        case deploy
        /// The live release's processes become as many and as large as they are to be; no new release.
        case arrange
        /// The live release's processes are replaced by new ones of the same kind; no new release.
        case restart
        /// The canary takes all requests and becomes the live release.
        case promote
        /// The canary goes away.
        case abort
    }

    package var action: Action
    /// The number of the release whose image or site is deployed again; nil for what is built.
    package var product: Int?
    /// Whether that is whichever release is live when it begins: `product` only tells which one was when it was asked for.
    package var isRefresh: Bool
    /// The number of the release whose config is used; nil for today's.
    package var config: Int?
    /// What lists say of it, such as `rollback to v3`, `set DATABASE_URL` or `scale web=2`; nil for the commit's own.
    package var summary: String?
    /// The share of requests that the new release gets, in percent, while the old one keeps the rest; nil for all.
    package var canary: Int?
    /// What is set for types of processes once it is done; empty for no change.
    package var formation: [FormationEntry]
    /// Whether the app is to run at all from then on; nil for as before.
    package var isStopped: Bool?
    /// The types of processes that are restarted; empty for all.
    package var types: [String]
    /// Whether Martlet itself decided on it.
    package var isAutomatic: Bool
    /// The number of the live release that it is to replace, and no other one; nil for whichever is live by then.
    package var former: Int?

    package init(
        _ action: Action, product: Int? = nil, config: Int? = nil, summary: String? = nil, canary: Int? = nil,
        formation: [FormationEntry] = [], isStopped: Bool? = nil, types: [String] = [], isAutomatic: Bool = false,
        isRefresh: Bool = false, former: Int? = nil
    ) {
        self.action = action
        self.product = product
        self.config = config
        self.summary = summary
        self.canary = canary
        self.formation = formation
        self.isStopped = isStopped
        self.types = types
        self.isAutomatic = isAutomatic
        self.isRefresh = isRefresh
        self.former = former
    }

    /// Whether something has to be built first.
    package var needsBuild: Bool { action == .deploy && product == nil }

    /// Whether what it does is done as well by any build, and any other such intent, that comes after it: it only brings
    /// today's config to whichever release is live. Nobody may lose a rollback, a canary or a scale by pushing.
    package var isCoveredByLater: Bool {
        action == .deploy && isRefresh && config == nil && canary == nil && !isAutomatic
    }
}
