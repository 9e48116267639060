import ArgumentParser

/// Whether a change is deployed at once, and whether that is waited for.
struct DeploymentFlags: ParsableArguments {
    @Flag(help: "Leave it to the next deploy.")
    var stage = false

    @OptionGroup var run: RunFlags

    func validate() throws {
        if stage, run.detach { throw ValidationError("--stage deploys nothing that --detach could leave alone") }
    }
}
