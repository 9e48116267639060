package import Foundation

/// Where builds with buildpacks take place, and on what.
package struct BuildpackSettings: Sendable {
    /// The image in which buildpacks run.
    package var buildImage = "martlet/stack:build"
    /// The image that an app's image begins with.
    package var runImage = "martlet/stack:run"
    /// The folder of the buildpacks that come with the server, each readable by everybody, with `order.toml`.
    package var buildpacks: String
    /// The folder in which builds are laid out, each in one of its own. On the same disk as `cache`, best.
    package var work: String
    /// The folder in which apps keep what their next build uses, each in one of its own.
    package var cache: String
    /// Marks images and containers as this installation's.
    package var installation: UUID
    package var limits = BuildLimits()
    /// Watches the disk; nil for no limits of disk.
    package var disk: DiskGuard?
    /// The host's certificate authorities, which the programs of a build trust too; it may be missing.
    package var certificates = "/etc/ssl/certs/ca-certificates.crt"
    /// The path of Docker's socket, for builders that bring a lifecycle of their own.
    package var socket = "/var/run/docker.sock"
    /// The network of builds; nil for Docker's default.
    package var network: String?

    package init(buildpacks: String, work: String, cache: String, installation: UUID) {
        self.buildpacks = buildpacks
        self.work = work
        self.cache = cache
        self.installation = installation
    }
}
