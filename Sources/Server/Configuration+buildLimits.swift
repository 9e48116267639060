import Build

extension SettingReader {
    /// What one build may use.
    mutating func buildLimits() -> BuildLimits {
        var limits = BuildLimits()
        let seconds = number(
            "MARTLET_BUILD_SECONDS", Int(limits.time.components.seconds), 1...86_400, "seconds")
        limits.time = .seconds(seconds)
        limits.memoryBytes = mebibytes("MARTLET_BUILD_MEMORY_MIB", limits.memoryBytes)
        limits.cpus = decimal("MARTLET_BUILD_CPUS", limits.cpus, 0.05...1024, "a number of CPUs")
        limits.processes = number("MARTLET_BUILD_PROCESSES", limits.processes, 16...100_000, "a number of processes")
        limits.logBytes = mebibytes("MARTLET_BUILD_LOG_MIB", limits.logBytes)
        limits.diskBytes = mebibytes("MARTLET_BUILD_DISK_MIB", limits.diskBytes)
        limits.appCacheBytes = mebibytes("MARTLET_APP_CACHE_MIB", limits.appCacheBytes)
        limits.cacheBytes = mebibytes("MARTLET_BUILD_CACHE_MIB", limits.cacheBytes)
        limits.freeDiskBytes = mebibytes("MARTLET_FREE_DISK_MIB", limits.freeDiskBytes)
        return limits
    }
}
