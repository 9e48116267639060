import ArgumentParser

/// Whether a run is followed.
struct RunFlags: ParsableArguments {
    @Flag(help: "Do not wait for it.")
    var detach = false
}
