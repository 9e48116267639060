/// When hooks run: the first three as git's own (`githooks`), the others around a deployment.
package enum HookKind: String, CaseIterable, Sendable {
    /// Once for a push, before anything of it is visible. It may decline the whole push.
    case preReceive = "pre-receive"
    /// Once for each reference, before any moves. It may decline the reference.
    case update
    /// Once for a push, after its references moved.
    case postReceive = "post-receive"
    /// Before a commit is built. It may decline the deployment.
    case preBuild = "pre-build"
    /// After a release went live.
    case postDeploy = "post-deploy"

    /// The name of the folder with the hooks of this kind.
    package var folderName: String { "\(rawValue).d" }

    /// Whether it may decline what it is asked about: the first hook that fails is the last to run then, and nobody asks
    /// any further when the pusher has left. Hooks of the other kinds all run, to their ends, whatever happens.
    package var mayDecline: Bool { self != .postReceive && self != .postDeploy }
}
