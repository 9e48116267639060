/// A program that is run in a container beside the one that the container is for.
package struct ExecSpec: Sendable {
    package var command: [String]
    /// Beside the container's own.
    package var environment: [String: String] = [:]
    /// `NAME`, `UID` or `UID:GID`; nil for the container's.
    package var user: String?
    /// An absolute path in the container; nil for the container's.
    package var directory: String?

    package init(_ command: [String]) { self.command = command }
}

/// An `ExecSpec` in Docker's own words: the body of `POST /containers/{id}/exec`.
struct ExecCreation: Encodable {
    let AttachStdout = true
    let AttachStderr = true
    let AttachStdin = false
    let Tty = false
    let Cmd: [String]
    let Env: [String]
    let User: String?
    let WorkingDir: String?

    init(_ spec: ExecSpec) {
        Cmd = spec.command
        Env = spec.environment.map { "\($0.key)=\($0.value)" }.sorted()
        User = spec.user
        WorkingDir = spec.directory
    }
}
