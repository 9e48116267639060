package import Docker
package import Foundation
import Glibc
package import Platform
import Threads

/// Keeps the files of static sites: `<app ID>/<build number>` below one folder, each made whole or not at all.
///
/// A site's folder never changes once it has its number, so nginx is switched from one to the next, and back.
package struct SiteStore: Sendable {
    /// The folder of all sites, absolute. nginx's workers must be able to enter it and all above it.
    package let folder: String
    private let docker: DockerClient
    private let installation: UUID
    private let labels: [String: String]

    /// - Parameters:
    ///   - installation: marks containers as this installation's.
    ///   - labels: of containers, beside that.
    package init(folder: String, docker: DockerClient, installation: UUID, labels: [String: String] = [:]) {
        self.folder = folder
        self.docker = docker
        self.installation = installation
        self.labels = labels
    }

    /// Copies a site's files out of an image. They are at `BuildProduct.Site.folder` below `folder` once this returns,
    /// and nowhere when it throws. A container is made of the image for that, never started, and removed in any case.
    ///
    /// - Parameters:
    ///   - image: its ID or name.
    ///   - workingDirectory: the app's folder in the image, to which the plan's is relative; empty for `/`.
    ///   - number: the build's; what it had before is replaced.
    ///   - output: told how much was copied, and what was left out.
    /// - Throws: `BuildError` when there is no such folder, no `index.html` in it, or too much; `DockerError`;
    ///   `CancellationError`.
    package func extract(
        _ plan: SitePlan, fromImage image: String, workingDirectory: String, app: UUID, number: Int,
        limits: SiteLimits = SiteLimits(), output: any BuildOutput
    ) async throws -> BuildProduct.Site {
        let name = "\(app.text)/\(number)"
        let incoming = "\(folder)/\(app.text)/.incoming-\(number)"
        try await prepare(app)
        do {
            let result = try await docker.withContainer(spec(of: image, name)) { container in
                try await copy(plan, workingDirectory, container, to: incoming, limits)
            }
            try await publish(incoming, as: "\(folder)/\(name)")
            await output.detail("\(result.entries) files, \(Words.size(result.bytes)), from '\(plan.folder.escaped)'")
            for line in result.dropped { await output.detail(line) }
            if result.droppedCount > result.dropped.count {
                await output.detail("… and \(result.droppedCount - result.dropped.count) more are left out")
            }
        } catch {
            // The error that is told is the first one.
            try? await remove([incoming])
            throw error
        }
        return BuildProduct.Site(folder: name, isSinglePage: plan.isSinglePage)
    }

    /// What a process that is gone did not copy to its end goes: an app has one build at a time.
    private func prepare(_ app: UUID) async throws {
        try await onOwnThread { [folder] () throws(any Error) in
            let files = FileManager.default
            let path = "\(folder)/\(app.text)"
            for name in Self.names(in: path) where name.hasPrefix(".incoming-") {
                try files.removeItem(atPath: "\(path)/\(name)")
            }
            for path in [folder, path] {
                try files.createDirectory(atPath: path, withIntermediateDirectories: true)
                // nginx's workers pass through, and nobody lists which apps there are.
                chmod(path, 0o711)
            }
        }
    }

    private func copy(
        _ plan: SitePlan, _ workingDirectory: String, _ container: String, to incoming: String, _ limits: SiteLimits
    ) async throws -> SiteExtraction.Result {
        let extraction = SiteExtraction(path: incoming, limits: limits)
        try await extraction.begin()
        let path = Self.path(plan.folder, in: workingDirectory)
        let workingDirectory = Self.path("", in: workingDirectory)
        do {
            // The dot follows a link to the folder.
            try await docker.archive(of: container, path: "\(path)/.") { try await extraction.write($0) }
        } catch let error as DockerError where error.isNotFound || error.reason.contains("not a directory") {
            await extraction.abandon()
            throw await missing(plan, path, workingDirectory, container)
        } catch {
            await extraction.abandon()
            throw error
        }
        let result = try await extraction.finish()
        try await requireIndex(plan, incoming)
        return result
    }

    private func requireIndex(_ plan: SitePlan, _ incoming: String) async throws {
        try await onOwnThread { () throws(BuildError) in
            if FileManager.default.fileExists(atPath: "\(incoming)/index.html") { return }
            let names = SiteListing.describe(Self.names(in: incoming).sorted())
            throw BuildError(
                "there is no 'index.html' in '\(plan.folder.escaped)'; it holds \(names)",
                hint: "name the folder with the finished site, as in 'static: {folder: dist}'")
        }
    }

    private func missing(
        _ plan: SitePlan, _ path: String, _ workingDirectory: String, _ container: String
    ) async -> BuildError {
        let listing = SiteListing()
        // Only for the message: what cannot be listed is not told.
        try? await docker.archive(of: container, path: "\(workingDirectory)/.", seconds: 30) {
            try await listing.read($0)
        }
        let names = SiteListing.describe(await listing.names)
        return BuildError(
            "there is no folder '\(path.escaped)' in the image; '\(workingDirectory.escaped)' holds \(names)",
            hint: "name the folder that the build makes, as in 'static: {folder: dist}'")
    }

    private func spec(of image: String, _ site: String) -> ContainerSpec {
        var spec = ContainerSpec(name: "martlet-site-\(UUID().text)", image: image)
        // An image may have nothing to run, and this is never run.
        spec.entrypoint = ["/martlet-site"]
        spec.labels = labels.merging(["martlet.installation": installation.text, "martlet.site": site]) { $1 }
        return spec
    }

    private func publish(_ incoming: String, as path: String) async throws {
        try await onOwnThread { () throws(any Error) in
            let former = "\(incoming)-former"
            let hadOne = rename(path, former) == 0
            guard rename(incoming, path) == 0 else {
                throw BuildError("cannot rename '\(incoming)': \(String(cString: strerror(errno)).lowercased())")
            }
            if hadOne { try FileManager.default.removeItem(atPath: former) }
        }
    }

    private func remove(_ paths: [String]) async throws(BuildError) {
        try await onOwnThread { () throws(BuildError) in
            for path in paths where FileManager.default.fileExists(atPath: path) {
                do {
                    try FileManager.default.removeItem(atPath: path)
                } catch {
                    throw BuildError("cannot remove '\(path)': \(error)")
                }
            }
        }
    }

    /// The names in a folder; none when it is not there.
    private static func names(in path: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    }

    private static func path(_ folder: String, in workingDirectory: String) -> String {
        if folder.hasPrefix("/") { return folder }
        let parts = (workingDirectory + "/" + folder).split(separator: "/").filter { $0 != "." }
        return "/" + parts.joined(separator: "/")
    }
}
