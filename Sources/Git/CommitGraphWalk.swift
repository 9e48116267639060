/// What reaches what in a history.
extension CommitGraph {
    /// Those of `targets` that none of `tips` reaches. The youngest commits come first, and the walk ends with the last
    /// target found.
    func unreached(_ targets: [Node], from tips: [Node]) throws(GitError) -> [Node] {
        var missing = Set(targets)
        var seen = NodeSet()
        var queue = YoungestFirst<ObjectKey>()
        for tip in tips where seen.insert(tip) { try queue.push(key(of: tip), time: time(of: tip)) }
        for tip in tips { missing.remove(tip) }
        while !missing.isEmpty, let next = queue.pop() {
            for parent in try parents(of: node(next)) where seen.insert(parent) {
                missing.remove(parent)
                try queue.push(key(of: parent), time: time(of: parent))
            }
        }
        return targets.filter { missing.contains($0) }
    }

    /// Whether each of `tips` is or reaches a commit that `isGoal`, without a look beyond commits older than `oldest`
    /// (git's `can_all_from_reach_with_flag`).
    func allReach(_ tips: [Node], oldest: Int64, isGoal: (Node) -> Bool) throws(GitError) -> Bool {
        var seen = NodeSet()
        var reaching = NodeSet()
        for tip in tips {
            try reach(tip, oldest: oldest, isGoal, &seen, &reaching)
            if !reaching.contains(tip) { return false }
        }
        return true
    }

    /// Goes down first parents first, since those lead soonest to what is common, and notes on the way back up what
    /// reaches a goal.
    private func reach(
        _ tip: Node, oldest: Int64, _ isGoal: (Node) -> Bool, _ seen: inout NodeSet, _ reaching: inout NodeSet
    ) throws(GitError) {
        var path: [(node: Node, parents: [Node], next: Int)] = []
        var entering: Node? = tip
        while true {
            if let node = entering {
                entering = nil
                if isGoal(node) || reaching.contains(node) {
                    reaching.insert(node)
                } else if seen.insert(node), path.isEmpty ? true : try time(of: node) >= oldest {
                    path.append((node, try parents(of: node), 0))
                    continue
                }
                // What is decided about a node decides about the one that led to it, if it is good.
                if let last = path.last, reaching.contains(node) { reaching.insert(last.node) }
            }
            guard let top = path.last else { return }
            if !reaching.contains(top.node), top.next < top.parents.count {
                path[path.count - 1].next += 1
                entering = top.parents[top.next]
            } else {
                path.removeLast()
                if let last = path.last, reaching.contains(top.node) { reaching.insert(last.node) }
            }
        }
    }
}
