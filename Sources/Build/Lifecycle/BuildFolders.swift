import Foundation
import Glibc

/// The folders of one build on the host, which its container sees.
///
/// They are in a folder that only the server may enter. What the container may write to is inside of folders that are the
/// server's, so that no program in it can put a link in their place.
struct BuildFolders {
    let root: String
    /// Whom the container runs as.
    let owner: String

    /// `/layers`: a folder of each buildpack's.
    var layers: UntrustedFolder { UntrustedFolder(path: "\(root)/layers") }
    /// `/plans`: what detection leaves.
    var detected: UntrustedFolder { UntrustedFolder(path: "\(root)/detected") }
    /// `/cnb/plans`: what each buildpack is asked for.
    var plans: String { "\(root)/plans" }
    /// `/platform`.
    var platform: String { "\(root)/platform" }
    /// Never seen by a container.
    var work: String { "\(root)/work" }

    /// Makes them. `variables` become files that the container's user alone may read.
    static func make(_ root: String, user: Int, group: Int, variables: [String: String]) async throws -> BuildFolders {
        let folders = BuildFolders(root: root, owner: "\(user):\(group)")
        try await HostProgram.remove(root)
        let files = FileManager.default
        try files.createDirectory(atPath: root, withIntermediateDirectories: true)
        guard chmod(root, 0o700) == 0 else { throw BuildError("cannot close the folder of the build") }
        for name in ["layers", "detected", "plans", "platform", "platform/env", "work"] {
            try files.createDirectory(atPath: "\(root)/\(name)", withIntermediateDirectories: false)
            chmod("\(root)/\(name)", 0o755)
        }
        for (name, value) in variables {
            guard !name.isEmpty, ![".", ".."].contains(name), !name.contains("/"), !name.contains("="),
                !name.utf8.contains(0), !value.utf8.contains(0)
            else { throw BuildError("'\(name)' cannot be a variable") }
            let file = "\(root)/platform/env/\(name)"
            guard files.createFile(atPath: file, contents: Data(value.utf8), attributes: [.posixPermissions: 0o400])
            else { throw BuildError("cannot write the variables of the build") }
        }
        try await folders.give("\(root)/platform/env")
        try await folders.give("\(root)/detected")
        return folders
    }

    /// Makes the container's user the owner of what is in `path`; links are not followed.
    func give(_ path: String) async throws {
        guard geteuid() == 0 else { return }
        try await HostProgram.run("chown", ["-hR", owner, "--", path])
    }
}
