package import Build
package import Deploy
import Foundation
package import Logging
package import Pipeline
import Platform
package import Push
package import Routing

/// Every setting of the program, read once at its start.
package struct Configuration: Sendable {
    /// The folder that holds everything Martlet keeps on disk; absolute.
    package var data = ""
    /// The PostgreSQL server; nil for a private one in the data folder.
    package var databaseURL: String?
    package var sshHost = "127.0.0.1"
    package var sshPort = 2222
    package var httpHost = "127.0.0.1"
    package var httpPort = 8080
    /// Where nginx listens for hosts that have a certificate.
    package var httpsPort = 8443
    /// How certificates are got; nil when none are.
    package var acme: ACMESettings?
    /// Apps are reached at `<app>.<base domain>`.
    package var baseDomain = "localhost"
    package var dockerSocket = "/var/run/docker.sock"
    /// The subnets of apps are cut from it.
    package var networkPool: AddressPool
    /// The machine's ports that apps may publish; nil for none.
    package var ports: ClosedRange<Int>?
    package var createOnPush = true
    /// Whether containers are kept away from this machine's own services.
    package var firewall = true
    /// How many builds run at once on this machine; 0 when the daemon builds nothing itself.
    package var builds = 2
    /// The name of a worker process, as it is registered.
    package var workerName = ""
    /// What one build may use.
    package var buildLimits = BuildLimits()
    /// From an app's start to its being healthy.
    package var healthSeconds = 60
    /// What old processes get to finish their requests.
    package var drainSeconds = 30
    /// From `SIGTERM` to `SIGKILL`.
    package var stopSeconds = 30
    /// For how long a new release is watched, and taken back when it does not do well; 0 for not at all.
    package var guardSeconds = 120
    /// What a release command gets.
    package var releaseSeconds = 600
    /// How long a process must run that nothing can be asked of until it counts as healthy.
    package var uptimeSeconds = 10
    /// What running pushes get when the daemon is told to stop.
    package var shutdownSeconds = 300
    /// What each hook gets.
    package var hookSeconds = 60
    /// The folder with the hooks that come with Martlet; nil to look for it beside the program.
    package var hookLibrary: String?
    /// The folder with the buildpacks that come with Martlet; nil to look for it beside the program.
    package var buildpacks: String?
    /// The image that buildpacks and commands build on; nil for the one that the recipe makes.
    package var stackImage: String?
    /// The image that apps made by them run on; nil for the same as they are built on.
    package var stackRunImage: String?
    /// The folder with the recipe of the stack; nil to look for it beside the program.
    package var stackRecipe: String?
    package var loginGraceSeconds = 30
    /// How many clients of one address may be logging in at once.
    package var loginsPerSource = 20
    package var appMemoryMiB = 512
    package var appCPUs = 1.0
    package var appProcesses = 512
    /// How many images, sites and builds stay, and what they may take.
    package var garbage = Garbage.Bounds()
    /// What one push may bring and take.
    package var push = PushLimits()
    package var logLevel = Logger.Level.info

    /// A setting that cannot be used: which, and what it may be.
    package struct Problem: Error, CustomStringConvertible, Equatable {
        package let description: String
    }

    /// The settings in the environment, over those in the file, over the defaults.
    ///
    /// - Throws: `Problem` with every unusable setting, one a line.
    package init(environment: [String: String] = ProcessInfo.processInfo.environment) throws(Problem) {
        guard let pool = AddressPool("10.200.0.0/14") else {
            throw Problem(description: "the default network pool is unusable")
        }
        networkPool = pool
        let path = environment["MARTLET_CONFIG"] ?? "/etc/martlet/martlet.conf"
        let file = try Self.read(path, mustExist: environment["MARTLET_CONFIG"] != nil)
        var reader = SettingReader(file.merging(environment.filter { $0.key.hasPrefix("MARTLET_") }) { $1 })
        readAll(&reader)
        reader.rejectUnknown()
        guard reader.problems.isEmpty else { throw Problem(description: reader.problems.joined(separator: "\n")) }
    }

    private mutating func readAll(_ reader: inout SettingReader) {
        data = Self.absolute(reader.text("MARTLET_DATA", Self.defaultData))
        databaseURL = reader.optionalText("MARTLET_DATABASE_URL")
        sshHost = reader.text("MARTLET_SSH_HOST", sshHost)
        sshPort = reader.number("MARTLET_SSH_PORT", sshPort, 0...65535, "a port")
        httpHost = reader.text("MARTLET_HTTP_HOST", httpHost)
        httpPort = reader.number("MARTLET_HTTP_PORT", httpPort, 1...65535, "a port")
        httpsPort = reader.number("MARTLET_HTTPS_PORT", httpPort == 80 ? 443 : httpsPort, 1...65535, "a port")
        acme = reader.acmeSettings()
        baseDomain = reader.hostName("MARTLET_BASE_DOMAIN", baseDomain)
        dockerSocket = reader.text("MARTLET_DOCKER_SOCKET", dockerSocket)
        networkPool = reader.pool("MARTLET_NETWORK_POOL", networkPool)
        firewall = reader.onOff("MARTLET_FIREWALL", firewall)
        ports = reader.ports("MARTLET_PORTS")
        createOnPush = reader.flag("MARTLET_CREATE_ON_PUSH", createOnPush)
        builds = reader.number("MARTLET_BUILDS", builds, 0...64, "a number of builds")
        workerName = reader.text("MARTLET_WORKER", workerName)
        buildLimits = reader.buildLimits()
        healthSeconds = reader.number("MARTLET_HEALTH_SECONDS", healthSeconds, 1...3_600, "seconds")
        drainSeconds = reader.number("MARTLET_DRAIN_SECONDS", drainSeconds, 0...86_400, "seconds")
        stopSeconds = reader.number("MARTLET_STOP_SECONDS", stopSeconds, 0...86_400, "seconds")
        guardSeconds = reader.number("MARTLET_GUARD_SECONDS", guardSeconds, 0...86_400, "seconds")
        releaseSeconds = reader.number("MARTLET_RELEASE_SECONDS", releaseSeconds, 1...86_400, "seconds")
        uptimeSeconds = reader.number("MARTLET_UPTIME_SECONDS", uptimeSeconds, 0...3_600, "seconds")
        shutdownSeconds = reader.number("MARTLET_SHUTDOWN_SECONDS", shutdownSeconds, 0...86_400, "seconds")
        hookSeconds = reader.number("MARTLET_HOOK_SECONDS", hookSeconds, 1...3_600, "seconds")
        hookLibrary = reader.optionalText("MARTLET_HOOK_LIBRARY").map(Self.absolute)
        buildpacks = reader.optionalText("MARTLET_BUILDPACKS").map(Self.absolute)
        stackImage = reader.optionalText("MARTLET_STACK_IMAGE")
        stackRunImage = reader.optionalText("MARTLET_STACK_RUN_IMAGE")
        stackRecipe = reader.optionalText("MARTLET_STACK_RECIPE").map(Self.absolute)
        loginGraceSeconds = reader.number("MARTLET_LOGIN_GRACE_SECONDS", loginGraceSeconds, 1...600, "seconds")
        loginsPerSource = reader.number("MARTLET_LOGINS_PER_SOURCE", loginsPerSource, 1...10_000, "a number of clients")
        appMemoryMiB = reader.number("MARTLET_APP_MEMORY_MIB", appMemoryMiB, 8...1_048_576, "MiB")
        appCPUs = reader.decimal("MARTLET_APP_CPUS", appCPUs, 0.05...1024, "a number of CPUs")
        appProcesses = reader.number("MARTLET_APP_PROCESSES", appProcesses, 8...100_000, "a number of processes")
        garbage = reader.garbageBounds()
        push = reader.pushLimits()
        logLevel = reader.logLevel("MARTLET_LOG_LEVEL", logLevel)
    }

    /// The address at which people reach the host.
    package func address(of host: String) -> String {
        httpPort == 80 ? "http://\(host)" : "http://\(host):\(httpPort)"
    }

    /// The daemon's own place where it is writable by root only, else a folder here.
    private static var defaultData: String {
        FileManager.default.fileExists(atPath: "/var/lib/martlet") ? "/var/lib/martlet" : ".martlet"
    }

    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path.trimmingPrefix("./"))"
    }

    /// The `NAME=VALUE` lines of a file; empty lines and those that begin with `#` say nothing.
    private static func read(_ path: String, mustExist: Bool) throws(Problem) -> [String: String] {
        guard mustExist || FileManager.default.fileExists(atPath: path) else { return [:] }
        // A device such as /dev/null is a file as well, which is why it is read to its end and not by its size.
        guard let file = FileHandle(forReadingAtPath: path), let bytes = try? file.readToEnd() ?? Data() else {
            throw Problem(description: "cannot read the configuration '\(path)'; check that it exists and may be read")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        var settings: [String: String] = [:]
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard let equals = line.firstIndex(of: "=") else {
                throw Problem(description: "\(path):\(number + 1): '\(line)' is not a NAME=VALUE line")
            }
            settings[String(line[..<equals])] = String(line[line.index(after: equals)...])
        }
        return settings
    }
}
