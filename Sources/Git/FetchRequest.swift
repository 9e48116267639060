package import GitWire

/// What a client asks for and what it has, after negotiation (`gitprotocol-pack`, "Packfile Negotiation").
package struct FetchRequest: Sendable {
    /// What is to be sent with all that it needs: objects of any kind.
    package var wants: [ObjectID] = []
    /// What the client has, and with it all that it reaches, unless `clientShallow` cuts that off.
    package var common: [ObjectID] = []
    /// Commits that the client has, but not their parents.
    package var clientShallow: [ObjectID] = []
    /// Commits whose parents the client does not want.
    package var boundary: [ObjectID] = []
    /// Those of `clientShallow` whose parents it wants now.
    package var unshallowed: [ObjectID] = []
    /// Whether annotated tags that point to a sent object are to be sent, too (`include-tag`).
    package var includesTags = false
    /// Whether deltas may name their base by its place in the pack (`ofs-delta`).
    package var allowsOffsetDeltas = false
    /// Whether deltas may have bases that the client has and the pack has not (`thin-pack`).
    package var isThin = false

    /// A request for nothing.
    package init() {}
}
