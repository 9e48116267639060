import Platform

/// What is missing of a release's processes, and which are too many.
struct Arrangement: Sendable {
    let missing: [ProcessChange.Start]
    let surplus: [AppProcess]

    /// - Parameters:
    ///   - plans: what there is to be.
    ///   - running: what there is.
    ///   - renewed: the types of which everything that runs gives way to new ones.
    init(_ plans: [ProcessPlan], running: [AppProcess], renewing renewed: Set<String> = []) {
        let isKept = { (process: AppProcess, plan: ProcessPlan, index: Int) in
            process.type == plan.type && process.index == index && !renewed.contains(plan.type)
        }
        var surplus = running
        var missing: [ProcessChange.Start] = []
        for plan in plans {
            var indices: [Int] = []
            for index in 1..<(plan.quantity + 1) {
                if let found = surplus.firstIndex(where: { isKept($0, plan, index) }) {
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
        let plans = plans.filter { isRenewed($0.type) }
        return Arrangement(
            plans, running: running.filter { isRenewed($0.type) }, renewing: Set(running.map(\.type)))
    }

    /// Such as `web=2 worker=1`; empty when nothing is missing.
    var words: String { missing.map { "\($0.plan.type)=\($0.indices.count)" }.joined(separator: " ") }
}
