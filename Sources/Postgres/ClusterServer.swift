import FoundationEssentials
import Glibc

/// Makes, starts and stops the server of a private cluster with PostgreSQL's own programs. Its calls block.
struct ClusterServer: Sendable {
    let files: ClusterFiles
    let account: ClusterAccount
    let programs: ClusterPrograms

    /// Makes the cluster. It gets its name only once it is whole: an interrupted one is made anew.
    func initialize() throws(DatabaseError) {
        try files.makeUnfinishedCluster(for: account)
        try run("/usr/bin/find", [files.unfinishedCluster, "-mindepth", "1", "-delete"])
        let locale = newlocale(Int32(1 << LC_ALL), "C.UTF-8", nil)
        defer { if let locale { freelocale(locale) } }
        try run(
            programs.path("initdb"),
            [
                "--pgdata=\(files.unfinishedCluster)", "--username=postgres", "--auth=peer", "--encoding=UTF8",
                "--locale=\(locale == nil ? "C" : "C.UTF-8")", "--lc-messages=C", "--data-checksums",
            ])
        guard rename(files.unfinishedCluster, files.cluster) == 0 else {
            throw files.failure("'\(files.cluster)': \(String(cString: strerror(errno)))")
        }
    }

    /// Whether a server runs on the cluster.
    func isRunning() throws(DatabaseError) -> Bool {
        if try removeLocksOfZombie() { return false }
        let outcome = try account.run(programs.path("pg_ctl"), ["status", "-D", files.cluster])
        guard outcome.status == 0 || outcome.status == 3 else { throw failure("look at", outcome.output) }
        return outcome.status == 0
    }

    /// Starts the server and waits until it takes connections.
    ///
    /// After its first process was killed, the others may hold its shared memory for a moment: tries for 15 s.
    func start() throws(DatabaseError) {
        let deadline = ContinuousClock.now + .seconds(15)
        while true {
            let logged = files.logSize()
            let outcome = try account.run(
                programs.path("pg_ctl"),
                [
                    "start", "-D", files.cluster, "-w", "-t", "60", "-s", "-l", files.log,
                    "-o", "-c config_file='\(files.configuration)'",
                ])
            if outcome.status == 0 { return }
            let tail = files.logTail(after: logged)
            guard tail.contains("shared memory block"), ContinuousClock.now < deadline else {
                throw failure("start", "\(tail.isEmpty ? outcome.output : tail); see '\(files.log)'")
            }
            usleep(200_000)
        }
    }

    /// Disconnects everybody, writes everything to disk and stops the server.
    func stop() throws(DatabaseError) {
        let outcome = try account.run(
            programs.path("pg_ctl"), ["stop", "-D", files.cluster, "-w", "-t", "60", "-s", "-m", "fast"])
        guard outcome.status == 0 else { throw failure("stop", outcome.output) }
    }

    /// Where nobody reaps orphans (a container whose first process is not an init), a server that died stays as a
    /// zombie, which PostgreSQL takes for a running one. Returns whether there was one for 2 s; its locks are gone
    /// then. What may be left of its other processes is safe from a second server: that checks for their shared memory.
    private func removeLocksOfZombie() throws(DatabaseError) -> Bool {
        let deadline = ContinuousClock.now + .seconds(2)
        while isZombie() {
            if ContinuousClock.now > deadline {
                try run("/usr/bin/rm", ["-f", files.cluster + "/postmaster.pid", files.socket + ".lock"])
                return true
            }
            usleep(20_000)
        }
        return false
    }

    private func isZombie() -> Bool {
        guard let lock = try? String(contentsOfFile: files.cluster + "/postmaster.pid", encoding: .utf8),
            let process = lock.split(whereSeparator: \.isNewline).first.flatMap({ Int32($0) }),
            let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        else { return false }
        return state.contains(") Z ")
    }

    private func run(_ program: String, _ arguments: [String]) throws(DatabaseError) {
        let outcome = try account.run(program, arguments)
        guard outcome.status == 0 else { throw failure("make", outcome.output) }
    }

    private func failure(_ verb: String, _ reason: String) -> DatabaseError {
        DatabaseError(operation: "\(verb) the private database '\(files.directory)'", reason: reason)
    }
}
