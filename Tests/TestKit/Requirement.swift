import Foundation
import Glibc

/// What some tests need of the machine. In CI nothing may be missing, so there they run and fail instead of being skipped.
package enum Requirement {
    /// Whether a Docker engine answers on the usual socket, with the images that the sample apps build on.
    package static var docker: Bool { mustRun || access("/var/run/docker.sock", R_OK | W_OK) == 0 }

    /// Whether this process is root.
    package static var root: Bool { mustRun || getuid() == 0 }

    /// Whether a `Machine` can be made.
    package static var machine: Bool { mustRun || getuid() == 0 && access("/usr/sbin/dockerd", X_OK) == 0 }

    /// Whether there are a certificate authority and what asks it.
    package static var certificateAuthority: Bool {
        mustRun || ["pebble", "pebble-challtestsrv", "lego"].allSatisfy { access("/usr/bin/\($0)", X_OK) == 0 }
    }

    private static var mustRun: Bool { ProcessInfo.processInfo.environment["TESTS_MUST_RUN"] != nil }
}
