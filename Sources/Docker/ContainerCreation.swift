/// A `ContainerSpec` in Docker's own words: the body of `POST /containers/create`.
struct ContainerCreation: Encodable {
    struct HostConfiguration: Encodable {
        let Init = true  // else a process that ignores SIGTERM as PID 1 makes every stop take its whole timeout
        let CapDrop = ["ALL"]
        let CapAdd: [String]
        let SecurityOpt = ["no-new-privileges"]
        let Privileged = false
        let NetworkMode: String?
        let Memory: Int?
        let MemorySwap: Int?
        let NanoCpus: Int?
        let PidsLimit: Int?
        let RestartPolicy: [String: String]
        let LogConfig: Log
        let ReadonlyRootfs: Bool
        let Tmpfs: [String: String]
        let ExtraHosts: [String]
        let Mounts: [Mount]
    }

    struct Mount: Encodable {
        let `Type`: String
        let Source: String
        let Target: String
        let ReadOnly: Bool
    }

    struct Log: Encodable {
        let `Type` = "json-file"
        let Config: [String: String]
    }

    let Image: String
    let Entrypoint: [String]?
    let Cmd: [String]?
    let Env: [String]
    let Labels: [String: String]
    let User: String?
    let StopTimeout: Int
    let HostConfig: HostConfiguration

    init(_ spec: ContainerSpec) {
        Image = spec.image
        Entrypoint = spec.entrypoint
        Cmd = spec.command
        Env = spec.environment.map { "\($0.key)=\($0.value)" }.sorted()
        Labels = spec.labels
        User = spec.user
        StopTimeout = spec.stopTimeoutSeconds
        HostConfig = HostConfiguration(
            CapAdd: spec.addedCapabilities, NetworkMode: spec.network, Memory: spec.memoryBytes,
            MemorySwap: spec.memoryBytes, NanoCpus: spec.cpus.map { Int($0 * 1e9) }, PidsLimit: spec.pidsLimit,
            RestartPolicy: ["Name": spec.restartPolicy.rawValue],
            LogConfig: Log(Config: ["max-size": "\(spec.logBytes)", "max-file": "3"]),
            ReadonlyRootfs: spec.hasReadOnlyRoot, Tmpfs: spec.temporaryFolders,
            ExtraHosts: spec.hosts.map { "\($0.key):\($0.value)" }.sorted(),
            Mounts: spec.mounts.map {
                Mount(Type: $0.kind.rawValue, Source: $0.source, Target: $0.target, ReadOnly: $0.isReadOnly)
            })
    }
}
