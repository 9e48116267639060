/// What a fetching client asks for, in any version of the protocol (`gitprotocol-pack`, "Packfile Negotiation";
/// `gitprotocol-v2`, "fetch").
package struct UploadPackRequest: Hashable, Sendable {
    /// How much of the history a shallow client wants from now on.
    package enum Deepening: Hashable, Sendable {
        /// So many commits from each tip; with `isRelative`, so many more than the client has.
        case depth(Int, isRelative: Bool)
        /// The commits that are not older than `since` (seconds since 1970; nil for any age) and that none of these
        /// references reaches. Names as sent: `main`, `refs/heads/main`.
        case revisions(since: Int64?, excluding: [String])

        /// The depth that means all there is: what `git fetch --unshallow` asks for.
        package static let infiniteDepth = 0x7FFF_FFFF
    }

    /// How a client without version 2 wants its haves answered.
    package enum Acknowledgment: Hashable, Sendable {
        /// The first common object, and nothing else.
        case first
        /// `multi_ack`: each common object, with `continue`.
        case each
        /// `multi_ack_detailed`: each common object, with `common` or `ready`.
        case detailed
    }

    /// The objects it wants, each once, in the order sent.
    package internal(set) var wants: [ObjectID] = []
    /// The objects it has, in the order sent; version 2 only, since the others send them later.
    package internal(set) var haves: [ObjectID] = []
    /// Where its history ends; empty unless its repository is shallow.
    package internal(set) var shallow: [ObjectID] = []
    /// Whether it wants the pack whatever is common by now; version 2 only.
    package internal(set) var isDone = false
    /// Whether it wants no pack before it says `done`; version 2 only.
    package internal(set) var waitsForDone = false
    /// Whether deltas may build on objects that the client has.
    package internal(set) var isThin = false
    /// Whether deltas may name their base by its offset.
    package internal(set) var allowsOffsetDeltas = false
    /// Whether annotated tags come along with the objects they point to.
    package internal(set) var includesTags = false
    /// Whether it wants no progress.
    package internal(set) var isQuiet = false
    /// How the pack comes: in bands, or bare if nil.
    package internal(set) var sideBand: SideBand.Size?
    /// How its haves are to be answered; not in version 2.
    package internal(set) var acknowledgment = Acknowledgment.first

    var depth: Int?
    var isRelative = false
    var since: Int64?
    var excluded: [String] = []
    private var known: Set<ObjectID> = []

    /// A request for nothing.
    init() {}

    /// What the client asks for beyond the history it has; nil if its history keeps its length.
    package var deepening: Deepening? {
        if let depth { return .depth(depth, isRelative: isRelative) }
        return since != nil || !excluded.isEmpty ? .revisions(since: since, excluding: excluded) : nil
    }

    mutating func want(_ id: ObjectID) {
        if known.insert(id).inserted { wants.append(id) }
    }

    /// Takes what a client of version 0 or 1 says after the ID of a want.
    mutating func take(_ capabilities: Capabilities) {
        isRelative = isRelative || capabilities.contains("deepen-relative")
        isThin = isThin || capabilities.contains("thin-pack")
        allowsOffsetDeltas = allowsOffsetDeltas || capabilities.contains("ofs-delta")
        includesTags = includesTags || capabilities.contains("include-tag")
        isQuiet = isQuiet || capabilities.contains("no-progress")
        if capabilities.contains("multi_ack_detailed") {
            acknowledgment = .detailed
        } else if capabilities.contains("multi_ack") {
            acknowledgment = .each
        }
        if capabilities.contains("side-band-64k") {
            sideBand = .large
        } else if capabilities.contains("side-band") {
            sideBand = .small
        }
    }
}
