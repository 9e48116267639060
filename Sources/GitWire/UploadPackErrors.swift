/// What is wrong with a request to fetch and only shows in the repository, in the words of git's `upload-pack.c`.
extension WireError {
    /// The client wants an object that it was not offered; an `ERR` packet tells it, too.
    package static func notOurReference(_ id: ObjectID) -> WireError {
        WireError("git upload-pack: not our ref \(id)")
    }

    /// The name after `deepen-not` stands for no reference, or for several.
    package static func ambiguousExclusion(_ name: String) -> WireError {
        .invalid("git upload-pack: ambiguous deepen-not: deepen-not", Array(name.utf8))
    }

    /// The client's history ends at something that is no commit.
    package static func invalidShallow(_ id: ObjectID) -> WireError { WireError("invalid shallow object \(id)") }

    /// No commit is young enough, or outside of what `deepen-not` reaches.
    package static let nothingSelected = WireError("no commits selected for shallow requests")
}
