/// Finds out whether what a group's buildpacks provide and require fits together (Buildpack API, "Phase #1: Detection").
package struct PlanResolver {
    /// How many trials one group may take: alternatives multiply.
    private static let mostTrials = 10_000

    /// A buildpack that detected, with what it said.
    package struct Contribution: Sendable, Equatable {
        package let candidate: DetectCandidate
        package let plan: ContributedPlan

        package init(_ candidate: DetectCandidate, _ plan: ContributedPlan) {
            self.candidate = candidate
            self.plan = plan
        }
    }

    /// What came of it.
    package enum Outcome: Equatable {
        /// The buildpacks that build, with the plan each of them got.
        case fits([PlannedBuildpack])
        /// Why the last trial did not fit, such as `'a/b' requires 'node', which nothing before it provides`.
        case fails(String)
    }

    /// The first trial that fits: the alternatives of earlier buildpacks are held on to longest.
    ///
    /// - Throws: `BuildError` when there are too many to try.
    package static func resolve(_ group: [Contribution]) throws -> Outcome {
        var reason = "no buildpack of the group detected"
        var choice = [Int](repeating: 0, count: group.count)
        for _ in 0..<mostTrials {
            switch trial(zip(group, choice).map { Member($0.candidate, $0.plan.alternatives[$1]) }) {
            case .fits(let planned): return .fits(planned)
            case .fails(let why): reason = why
            }
            guard advance(&choice, group) else { return .fails(reason) }
        }
        throw BuildError("the plans of the buildpacks have more than \(mostTrials) combinations")
    }

    /// The next choice, the last buildpack's alternative changing first; false when there is none.
    private static func advance(_ choice: inout [Int], _ group: [Contribution]) -> Bool {
        for index in choice.indices.reversed() {
            choice[index] += 1
            if choice[index] < group[index].plan.alternatives.count { return true }
            choice[index] = 0
        }
        return false
    }

    private struct Member {
        let candidate: DetectCandidate
        let plan: ContributedPlan.Alternative

        init(_ candidate: DetectCandidate, _ plan: ContributedPlan.Alternative) {
            self.candidate = candidate
            self.plan = plan
        }
    }

    /// Leaves out optional buildpacks until the rest fits, or a required one does not.
    private static func trial(_ group: [Member]) -> Outcome {
        var group = group
        while let (index, reason) = misfit(group) {
            guard group[index].candidate.isOptional else { return .fails(reason) }
            group.remove(at: index)
        }
        if group.isEmpty { return .fails("no buildpack of the group detected") }
        return .fits(group.map { PlannedBuildpack(buildpack: $0.candidate.buildpack, plan: $0.plan) })
    }

    private static func misfit(_ group: [Member]) -> (Int, String)? {
        for (index, member) in group.enumerated() {
            let before = Set(group[...index].flatMap(\.plan.provides))
            let after = Set(group[index...].flatMap(\.plan.requires).map(\.name))
            let name = member.candidate.buildpack.id
            if let unmet = member.plan.requires.first(where: { !before.contains($0.name) }) {
                return (index, "'\(name)' requires '\(unmet.name)', which nothing up to it provides")
            }
            if let unused = member.plan.provides.first(where: { !after.contains($0) }) {
                return (index, "'\(name)' provides '\(unused)', which nothing from it on requires")
            }
        }
        return nil
    }
}

/// A buildpack that builds, with its part in the plan.
package struct PlannedBuildpack: Sendable, Equatable {
    package let buildpack: Buildpack
    package let plan: ContributedPlan.Alternative

    package init(buildpack: Buildpack, plan: ContributedPlan.Alternative) {
        self.buildpack = buildpack
        self.plan = plan
    }
}
