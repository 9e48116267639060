import Synchronization

/// Finds the group of buildpacks that builds an app (Buildpack API, "Phase #1: Detection").
struct Detector {
    private static let longestOutput = 64 << 10

    let container: any LifecycleContainer
    let environment: BuildEnvironment
    /// What is `/plans` in the container, to which buildpacks write.
    let plans: UntrustedFolder
    let log: any BuildOutput

    /// The first group that passes, with its plans. No buildpack is asked twice.
    ///
    /// - Throws: `NothingDetected`; `BuildError` when a plan is malformed.
    func detect(_ groups: [[DetectCandidate]]) async throws -> [PlannedBuildpack] {
        var results: [String: DetectResult] = [:]
        var findings: [NothingDetected.Finding] = []
        var misfits: [String] = []
        for group in groups {
            for candidate in group where results[candidate.buildpack.description] == nil {
                let result = try await ask(candidate.buildpack)
                results[candidate.buildpack.description] = result
                findings.append(.init(buildpack: candidate.buildpack.description, verdict: result.verdict))
            }
            let answers = group.map { ($0, results[$0.buildpack.description]) }
            guard answers.allSatisfy({ $0.0.isOptional || $0.1?.plan != nil }) else { continue }
            switch try PlanResolver.resolve(
                answers.compactMap { candidate, result in result?.plan.map { .init(candidate, $0) } })
            {
            case .fits(let planned): return planned
            case .fails(let reason): if !misfits.contains(reason) { misfits.append(reason) }
            }
        }
        throw NothingDetected(findings: findings, misfits: misfits)
    }

    private struct DetectResult {
        let verdict: NothingDetected.Verdict
        /// Nil unless it passed.
        var plan: ContributedPlan?
    }

    private func ask(_ buildpack: Buildpack) async throws -> DetectResult {
        if let reason = environment.system.refusal(of: buildpack.descriptor) {
            return DetectResult(verdict: .refused(reason))
        }
        let file = "\(buildpack.escapedID)@\(buildpack.descriptor.version).toml"
        let output = Mutex<(lines: [[UInt8]], bytes: Int)>(([], 0))
        let code = try await container.run(
            // Before API 0.8 these were arguments only; many buildpacks still read them.
            ["\(buildpack.containerFolder)/bin/detect", "/platform", "/plans/\(file)"],
            environment: environment.variables(for: buildpack, ["CNB_BUILD_PLAN_PATH": "/plans/\(file)"]),
            directory: "/workspace"
        ) { line in
            output.withLock {
                guard $0.bytes < Self.longestOutput else { return }
                $0.lines.append(line)
                $0.bytes += line.count + 1
            }
        }
        switch code {
        case 0: return DetectResult(verdict: .passed, plan: try plan(of: buildpack, file))
        case 100: return DetectResult(verdict: .failed)
        default:
            await log.problem("'\(buildpack)' failed to detect (\(code)):")
            for line in output.withLock({ $0.lines }) { await log.printed(line) }
            return DetectResult(verdict: .error(code))
        }
    }

    private func plan(of buildpack: Buildpack, _ file: String) throws -> ContributedPlan {
        guard let text = try plans.text(file) else { return .empty }
        return try ContributedPlan(text, name: "buildpack '\(buildpack)': its build plan")
    }
}
