import FoundationEssentials
import Glibc

/// Where the programs of a PostgreSQL server are.
struct ClusterPrograms: Sendable {
    let directory: String
    let version: Int

    private static let oldest = 13

    /// The newest installed server, or that of one major version: a cluster belongs to one.
    ///
    /// - Throws: `DatabaseError` that names the package to install.
    static func find(version: Int?) throws(DatabaseError) -> ClusterPrograms {
        let installed = debianInstallations() + otherInstallations()
        if let newest = installed.filter({ $0.version >= oldest && (version ?? $0.version) == $0.version })
            .max(by: { $0.version < $1.version })
        {
            return newest
        }
        guard let version else {
            throw failure(
                "none of version \(oldest) or newer is installed; apt-get install postgresql, "
                    + "or set MARTLET_DATABASE_URL to a server that runs elsewhere")
        }
        throw failure(
            "the private database is of version \(version), which is not installed; "
                + "apt-get install postgresql-\(version), or move the data to a newer version with pg_upgrade")
    }

    func path(_ program: String) -> String { directory + "/" + program }

    private static func debianInstallations() -> [ClusterPrograms] {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []  // none is installed
        return versions.compactMap { name in
            let directory = "\(root)/\(name)/bin"
            guard let version = Int(name), isServer(directory) else { return nil }
            return ClusterPrograms(directory: directory, version: version)
        }
    }

    /// Those on the PATH, and the one that `pg_config` names.
    private static func otherInstallations() -> [ClusterPrograms] {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let configs = folders.map { $0 + "/pg_config" }.filter { access($0, X_OK) == 0 }
        let named = configs.prefix(1).compactMap { try? ClusterCommand.run($0, ["--bindir"]).output }
        return (folders + named).filter(isServer).compactMap { directory in
            guard let output = try? ClusterCommand.run(directory + "/postgres", ["--version"]).output,
                let version = Int(output.drop { !$0.isNumber }.prefix { $0.isNumber })
            else { return nil }
            return ClusterPrograms(directory: directory, version: version)
        }
    }

    private static func isServer(_ directory: String) -> Bool {
        ["postgres", "pg_ctl", "initdb"].allSatisfy { access(directory + "/" + $0, X_OK) == 0 }
    }

    private static func failure(_ reason: String) -> DatabaseError {
        DatabaseError(operation: "find a PostgreSQL server", reason: reason)
    }
}
