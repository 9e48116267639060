/// What one build may use.
package struct BuildLimits: Sendable, Equatable {
    /// Bytes of memory, swap included.
    package var memoryBytes = 2 << 30
    /// Processors' worth of time.
    package var cpus = 2.0
    /// Processes and threads.
    package var processes = 2048
    /// After which it is stopped.
    package var time: Duration = .seconds(1800)
    /// Bytes of text that its log keeps.
    package var logBytes = 50 << 20
    /// Bytes that must stay free on the disk: no build begins below it, and one that goes below it is stopped.
    package var freeDiskBytes = 1 << 30
    /// Bytes of disk that it may take while it runs.
    package var diskBytes = 10 << 30

    /// Bytes of disk that what an app's buildpacks keep may take, and those that BuildKit keeps for all.
    package var appCacheBytes = 2 << 30
    package var cacheBytes = 10 << 30
    /// Bytes of disk that sources may take which stay laid out for the next builds, those of all apps together.
    package var sourceBytes = 2 << 30

    /// The defaults.
    package init() {}
}
