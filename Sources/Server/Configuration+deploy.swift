import Deploy
import Pipeline

extension Configuration {
    /// How long things may take where an app does not say it.
    var deployTimes: DeployTimes {
        DeployTimes(
            drainSeconds: drainSeconds, stopSeconds: stopSeconds, guardSeconds: guardSeconds,
            releaseSeconds: releaseSeconds)
    }

    /// What a process may use where nothing is set for it.
    var processLimits: DockerDeployer.Limits {
        DockerDeployer.Limits(
            memoryBytes: appMemoryMiB << 20, cpus: appCPUs, processes: appProcesses, health: .seconds(healthSeconds),
            stopSeconds: stopSeconds, uptimeSeconds: Double(uptimeSeconds))
    }
}
