import Foundation

/// Folders that come with the program: hooks, buildpacks, the recipe of the stack.
enum ProgramFolder {
    /// The path of `share/martlet/<name>` where the program is installed, or of the folder in the checkout where it was
    /// built; nil when there is neither, each known by its README.md.
    ///
    /// - Parameter checkout: the folder's path there, such as `etc/stack`; nil when it is the name.
    static func path(_ name: String, inCheckout checkout: String? = nil) -> String? {
        let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let folder = program.deletingLastPathComponent()
        let installed = folder.deletingLastPathComponent().appending(path: "share/martlet/\(name)").path
        if hasReadme(installed) { return installed }
        // A program that SwiftPM built is at .build/<triple>/<configuration> in the checkout.
        let top = folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let built = top.appending(path: checkout ?? name).path
        let isCheckout = FileManager.default.fileExists(atPath: top.appending(path: "Package.swift").path)
        return isCheckout && hasReadme(built) ? built : nil
    }

    private static func hasReadme(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(path)/README.md")
    }
}
