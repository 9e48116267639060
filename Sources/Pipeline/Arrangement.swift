import Platform

/// What is missing of a release's processes, and which are too many.
struct Arrangement: Sendable {
    let missing: [ProcessChange.Start]
    let surplus: [AppProcess]

    /// - Parameters:
    ///   - plans: what there is to be.
    ///   - running: what there is.
    init(_ plans: [ProcessPlan], running: [AppProcess]) {
        var surplus = running
        var missing: [ProcessChange.Start] = []
        for plan in plans {
            var indices: [Int] = []
            for index in 1..<(plan.quantity + 1) {
                if let found = surplus.firstIndex(where: { $0.type == plan.type && $0.index == index }) {
                    surplus.remove(at: found)
                } else {
                    indices.append(index)
                }
            }
            if !indices.isEmpty { missing.append(.init(plan: plan, indices: indices)) }
        }
        self.missing = missing
        self.surplus = surplus
    }

    /// New processes of some types for all that run.
    static func renewing(_ types: [String], _ plans: [ProcessPlan], running: [AppProcess]) -> Arrangement {
        let isRenewed = { (type: String) in types.isEmpty || types.contains(type) }
        return Arrangement(
            plans.filter { isRenewed($0.type) }, running: [], surplus: running.filter { isRenewed($0.type) })
    }

    private init(_ plans: [ProcessPlan], running: [AppProcess], surplus: [AppProcess]) {
        let all = Arrangement(plans, running: running)
        missing = all.missing
        self.surplus = surplus
    }

    /// Such as `web=2 worker=1`; empty when nothing is missing.
    var words: String { missing.map { "\($0.plan.type)=\($0.indices.count)" }.joined(separator: " ") }
}
