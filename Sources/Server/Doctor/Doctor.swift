import Commands
import Postgres

/// Finds out how the server and what it needs are. It changes nothing, starts nothing, and works when nothing else does.
struct Doctor: Sendable {
    let configuration: Configuration
    let folder: DataFolder
    let database: DatabasePool

    /// All checks at once; their order is always the same.
    func diagnose() async -> [Diagnosis] {
        let checks = checks
        return await withTaskGroup(of: (Int, Diagnosis).self) { group in
            for (index, check) in checks.enumerated() { group.addTask { (index, await check.run()) } }
            var found: [Int: Diagnosis] = [:]
            for await (index, diagnosis) in group { found[index] = diagnosis }
            return checks.indices.compactMap { found[$0] }
        }
    }

    var checks: [DoctorCheck] {
        [
            ServingChecks(configuration: configuration, folder: folder).all,
            DatabaseChecks(configuration: configuration, folder: folder, database: database).all,
            DockerChecks(configuration: configuration).all,
            PackageChecks.all, MachineChecks.all,
            FolderChecks(folder: folder).all,
        ].flatMap { $0 }
    }
}
