import Build
import Git
import GitWire
import Platform

/// What a push would change: the lines of `git push -o plan`.
struct PushPlan: Sendable {
    /// What of it lies in the repository.
    struct Contents: Sendable {
        let commit: CommitSummary
        let plan: BuildPlan
        /// How what serves was planned, by the settings of today; nil when that is not known.
        let former: BuildPlan?
        /// The files that are otherwise than in what serves; nil when those are too many to tell.
        let changes: [String]?
    }

    private static let mostChanges = 10_000
    let app: AppName
    let branch: String
    let situation: PushSituation
    let contents: Contents
    /// Whether cached steps would run again, and nothing be used of an earlier build.
    var noCache = false

    /// Reads a commit and compares it with what serves. Writes nothing.
    ///
    /// - Throws: `BuildError` when its files cannot be planned; `GitError` when objects are missing.
    static func read(
        _ commit: ObjectID, in repository: Repository, _ situation: PushSituation
    ) throws -> Contents {
        let live = try situation.live.flatMap { ObjectID($0.commit) }.flatMap { id in
            try repository.kind(of: id) == .commit ? id : nil
        }
        let plan = try BuildPlan.read(commit, in: repository, settings: situation.settings)
        // What serves was planned by other settings, perhaps, under which it could be read.
        let former = live.flatMap { try? BuildPlan.read($0, in: repository, settings: situation.settings) }
        return Contents(
            commit: try repository.commit(commit), plan: plan, former: former,
            changes: try repository.changedPaths(from: live, to: commit, limit: mostChanges))
    }

    /// Everything there is to say, with Martlet's prefixes; harmless to a terminal.
    var lines: [String] {
        let commit = contents.commit
        var lines = ["-----> Plan for \(app): \(commit.id.short) \(commit.subject)"]
        lines += building.map(Self.detail)
        if isSkipped { return finished(lines) }
        let config = situation.staged.sorted { $0.key < $1.key }.map { "config \($0.key): \($0.value)" }
        let differences = DeploymentDifference.lines(from: situation.live?.product, to: product) + config
        lines.append(situation.live.map { "-----> Compared with v\($0.number)" } ?? "-----> The first release would be")
        lines += (differences.isEmpty ? ["nothing changes but the files"] : differences).map(Self.detail)
        lines.append("-----> When it is built")
        lines += deploying.map(Self.detail)
        lines += missing.map { " !     \($0)" }
        return finished(lines)
    }

    private func finished(_ lines: [String]) -> [String] {
        (lines + ["=====> Nothing was changed; push without '-o plan' to do it"]).map {
            ControlCharacters.escape($0.utf8, limit: 2000)
        }
    }

    private static func detail(_ text: String) -> String { "       \(text)" }

    /// What will be made, as far as that is known before it is built.
    private var product: BuildProduct {
        contents.plan.forecast(after: situation.live?.product, former: contents.former)
    }

    /// Whether it touches nothing of what the app is built from: asked of what serves from the same branch alone.
    private var isSkipped: Bool {
        guard let changes = contents.changes, !contents.plan.watch.isEmpty, situation.live?.branch == branch else {
            return false
        }
        return WatchRules(contents.plan.watch, context: contents.plan.context).firstRelevant(changes) == nil
    }

    private var building: [String] {
        var lines = [changes]
        if isSkipped {
            return lines + ["nothing that 'build.watch' names has changed: nothing would be built or deployed"]
        }
        lines.append("built \(contents.plan.words)")
        if let number = situation.earlierBuild, !noCache {
            lines.append("what build \(number) made would be used again: same commit, same configuration")
        }
        return lines + contents.plan.remarks
    }

    private var changes: String {
        let count =
            switch contents.changes?.count {
            case 1: "1 file differs"
            case let count?: "\(count) files differ"
            case nil: "more than \(Self.mostChanges) files differ"
            }
        return situation.live.map { "\(count) from v\($0.number) (\($0.commit.prefix(7)))" } ?? "\(count) from nothing"
    }

    private var missing: [String] {
        let missing = VariableDeclaration.missing(from: product.variables, names: situation.variableNames)
        guard !missing.isEmpty else { return [] }
        let refusal = VariableDeclaration.refusal(of: missing, app: app)
        return ["it would be refused: \(refusal.text)"] + refusal.hint.split(separator: "\n").map(String.init)
    }

    /// In which order things would happen.
    private var deploying: [String] {
        var lines: [String] = []
        if product.site != nil { return ["its files are served in place of what is served now"] }
        if let command = product.processes.first(where: { $0.type == ProcessDeclaration.release })?.command {
            lines.append("'\(ShellCommand.text(of: command))' runs before anything is switched")
        }
        if let migration = product.migration { lines.append(Self.words(of: migration)) }
        return lines
            + ProcessPlan.all(of: product, formation: situation.formation, volumes: situation.volumes).map(words)
    }

    private static func words(of migration: MigrationPlan) -> String {
        let condition = migration.status == nil ? "" : "unless its status says that nothing is to be done, "
        let consequence =
            migration.isCompatible ? "while the app goes on" : "with workers stopped and a maintenance page shown"
        return "\(condition)'\(ShellCommand.text(of: migration.up))' runs \(consequence)"
    }

    private func words(of plan: ProcessPlan) -> String {
        let former = situation.live.map {
            ProcessPlan.all(of: $0.product, formation: situation.formation, volumes: situation.volumes)
        }
        let isNew = former?.contains { $0.type == plan.type && $0.quantity > 0 } != true
        var words = plan.quantity == 1 ? ["1 process"] : ["\(plan.quantity) processes"]
        words += [plan.memoryBytes.map { Amount.bytes($0) }, plan.cpus.map { "\(Amount.number($0)) CPUs" }].compactMap {
            $0
        }
        if plan.quantity == 0 { return "\(plan.type): none; 'ps scale \(app) \(plan.type)=1' starts one" }
        let order = isNew ? "" : ": \(plan.strategy.consequence)"
        return "\(plan.type): \(words.joined(separator: ", "))\(order)"
    }
}

extension DeployStrategy {
    /// What it means for the processes that run.
    fileprivate var consequence: String {
        switch self {
        case .startFirst: "the new ones start beside the old ones, which end once the new ones serve"
        case .stopFirst: "the old ones are stopped first (stop-first)"
        case .exclusive: "the old one is stopped first, and never are there two (exclusive)"
        }
    }
}
