/// What a container is to be.
///
/// Whatever is set here, it runs with an init process, without capabilities beyond `addedCapabilities`, without the
/// means to gain any (`no-new-privileges`), and with a bounded log.
package struct ContainerSpec: Sendable {
    /// What Docker does when the process ends.
    package enum RestartPolicy: String, Sendable {
        /// Nothing.
        case never = "no"
        /// Starts it again, unless it was stopped on purpose; also after the machine started.
        case unlessStopped = "unless-stopped"
    }

    /// A folder or file of the host, or a volume, where a container sees it.
    package struct Mount: Sendable, Equatable {
        enum Kind: String {
            case bind, volume
        }

        let kind: Kind
        /// Of the host: an absolute path, which must be there; else the name of a volume.
        package let source: String
        /// An absolute path in the container.
        package let target: String
        package let isReadOnly: Bool

        package init(_ source: String, at target: String, readOnly: Bool = false) {
            self.init(.bind, source, target, readOnly)
        }

        private init(_ kind: Kind, _ source: String, _ target: String, _ isReadOnly: Bool) {
            self.kind = kind
            self.source = source
            self.target = target
            self.isReadOnly = isReadOnly
        }

        /// The volume called `name`. An empty one is filled with what the image has at `target`, with its owners and
        /// permissions, when the container is made.
        package static func volume(_ name: String, at target: String, readOnly: Bool = false) -> Mount {
            Mount(.volume, name, target, readOnly)
        }
    }

    /// Unique on the machine.
    package var name: String
    /// A name or an ID.
    package var image: String
    /// Instead of the image's; nil for that.
    package var entrypoint: [String]?
    /// Instead of the image's; nil for that.
    package var command: [String]?
    package var environment: [String: String] = [:]
    package var labels: [String: String] = [:]
    /// The name of its only network; nil for Docker's default.
    package var network: String?
    /// `NAME`, `UID` or `UID:GID`; nil for the image's.
    package var user: String?
    /// Bytes of memory, swap included; nil for no limit.
    package var memoryBytes: Int?
    /// Processors' worth of time, such as 0.5; nil for no limit.
    package var cpus: Double?
    /// How many processes and threads; nil for no limit.
    package var pidsLimit: Int?
    /// Capabilities it keeps, such as `NET_BIND_SERVICE`.
    package var addedCapabilities: [String] = []
    package var restartPolicy: RestartPolicy = .never
    /// After how many bytes a log file is followed by the next; three are kept.
    package var logBytes = 10 << 20
    /// From `SIGTERM` to `SIGKILL` where a stop names no other time.
    package var stopTimeoutSeconds = 10
    /// Whether only volumes and `temporaryFolders` can be written to.
    package var hasReadOnlyRoot = false
    /// Folders in memory: path to mount options, such as `size=64m`.
    package var temporaryFolders: [String: String] = [:]
    /// Folders and files of the host, and volumes, that it sees.
    package var mounts: [Mount] = []
    /// Names it can look up beside DNS, with their addresses.
    package var hosts: [String: String] = [:]

    /// A container of `image`, with the defaults for everything else.
    package init(name: String, image: String, network: String? = nil) {
        self.name = name
        self.image = image
        self.network = network
    }
}
