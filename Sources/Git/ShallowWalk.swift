/// Where a history is cut off.
struct ShallowWalk {
    /// The commits that a client gets without their parents.
    var boundary: [CommitGraph.Node] = []
    /// The commits that it gets with their parents.
    var inner = NodeSet()
}

extension CommitGraph {
    /// The history of `tips`, so many commits long on each path (git's `get_shallow_commits`). A tip is the first.
    func cutOff(_ tips: [Node], atDepth depth: Int) throws(GitError) -> ShallowWalk {
        var walk = ShallowWalk()
        var seen = NodeSet()
        walk.boundary = tips.filter { seen.insert($0) }
        var level = 1
        while level < depth, !walk.boundary.isEmpty {
            var next: [Node] = []
            for node in walk.boundary {
                walk.inner.insert(node)
                for parent in try parents(of: node) where seen.insert(parent) { next.append(parent) }
            }
            walk.boundary = next
            level += 1
        }
        return walk
    }

    /// The history of `tips` down to the commits that are older than `since`, without what `excluded` reach (git's
    /// `get_shallow_commits_by_rev_list`); nil when nothing is left of it.
    func cutOff(_ tips: [Node], since: Int64?, excluding excluded: [Node]) throws(GitError) -> ShallowWalk? {
        let hidden = try ancestors(of: excluded) { _ throws(GitError) in true }.members
        let (selected, members) = try ancestors(of: tips) { node throws(GitError) in
            if hidden.contains(node) { return false }
            guard let since else { return true }
            return try time(of: node) >= since
        }
        guard !selected.isEmpty else { return nil }
        var walk = ShallowWalk()
        for node in selected {
            if try parents(of: node).allSatisfy({ members.contains($0) }) {
                walk.inner.insert(node)
            } else {
                walk.boundary.append(node)
            }
        }
        return walk
    }

    /// The commits that `tips` reach through commits that `isSelected`.
    private func ancestors(
        of tips: [Node], where isSelected: (Node) throws(GitError) -> Bool
    ) throws(GitError) -> (list: [Node], members: NodeSet) {
        var list: [Node] = []
        var members = NodeSet()
        var seen = NodeSet()
        var waiting = tips
        while let node = waiting.popLast() {
            guard seen.insert(node), try isSelected(node) else { continue }
            members.insert(node)
            list.append(node)
            waiting += try parents(of: node)
        }
        return (list, members)
    }
}
