import FoundationEssentials
import Glibc

/// The system user that a private cluster runs as: this process's own, or `postgres` when that is root, which
/// PostgreSQL refuses.
struct ClusterAccount: Sendable {
    let name: String
    let user: uid_t
    let group: gid_t
    /// Whether it is not this process's own user.
    let isOther: Bool
    /// The system users that may connect.
    let clients: [String]

    static func current() throws(DatabaseError) -> ClusterAccount {
        guard let own = getpwuid(geteuid())?.pointee else {
            throw failure("the user ID \(geteuid()) of this process has no name; add it to /etc/passwd")
        }
        let ownName = String(cString: own.pw_name)
        guard own.pw_uid == 0 else {
            return ClusterAccount(
                name: ownName, user: own.pw_uid, group: own.pw_gid, isOther: false, clients: [ownName])
        }
        guard let other = getpwnam("postgres")?.pointee, other.pw_uid != 0 else {
            throw failure("PostgreSQL does not run as root, there is no user 'postgres'; apt-get install postgresql")
        }
        return ClusterAccount(
            name: "postgres", user: other.pw_uid, group: other.pw_gid, isOther: true, clients: [ownName, "postgres"])
    }

    /// Runs a program as this user and waits for it. No shell; the working directory is `/`. Blocks.
    func run(_ program: String, _ arguments: [String]) throws(DatabaseError) -> ClusterCommand.Outcome {
        guard isOther else { return try ClusterCommand.run(program, arguments) }
        let identity = ["--reuid=\(name)", "--regid=\(group)", "--init-groups", "--inh-caps=-all", "--no-new-privs"]
        return try ClusterCommand.run("/usr/bin/setpriv", identity + ["--", program] + arguments)
    }

    /// Refuses a folder that the user cannot get to, naming the first folder on the way that keeps it out.
    func checkReach(of directory: String) throws(DatabaseError) {
        guard isOther, try !canEnter(directory) else { return }
        var path = ""
        for part in directory.split(separator: "/") {
            path += "/" + part
            if try !canEnter(path) { break }
        }
        throw Self.failure(
            "the user '\(name)', as whom PostgreSQL runs, cannot enter '\(path)'; chmod a+x '\(path)', "
                + "or set MARTLET_DATA to a folder below one it can enter, such as /var/lib/martlet")
    }

    private func canEnter(_ path: String) throws(DatabaseError) -> Bool {
        try run("/usr/bin/test", ["-x", path]).status == 0
    }

    private static func failure(_ reason: String) -> DatabaseError {
        DatabaseError(operation: "run a private database", reason: reason)
    }
}
