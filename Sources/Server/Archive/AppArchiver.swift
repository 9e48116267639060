import Docker
import Foundation
import Glibc
import Platform
import Postgres
import Subprocess
import SystemPackage
import Threads

/// Writes all that an app has into one tar file: `NAME/repository.git`, `NAME/app.json`, and `NAME/volumes/VOLUME.tar` with
/// the files of each volume below `volume/`.
struct AppArchiver: Sendable {
    let app: App
    let folder: DataFolder
    let database: DatabasePool
    let docker: DockerClient

    /// Writes it, whole or not at all, and forced to disk. It is the owner's of the data folder alone.
    ///
    /// - Throws: `Refusal` while processes may write to the app's volumes, or when something cannot be written.
    func write() async throws -> AppArchive {
        let volumes = try await VolumeStore(database).list(of: app)
        if !volumes.isEmpty { try await waitUntilAtRest() }
        let name = "\(app.name)-\(Self.stamp())"
        let staging = "\(folder.archives)/.incoming-\(UUID().text)"
        let result: Result<AppArchive, any Error>
        do {
            try FileManager.default.createDirectory(
                atPath: "\(staging)/\(app.name)/volumes", withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            chmod(folder.archives, 0o700)
            try await Data(AppStore(database).description(of: app).utf8)
                .write(to: URL(filePath: "\(staging)/\(app.name)/app.json"))
            for volume in volumes { try await copy(volume, to: "\(staging)/\(app.name)/volumes/\(volume.name).tar") }
            // Somebody may have started it meanwhile.
            if !volumes.isEmpty { try await waitUntilAtRest() }
            result = .success(try await join(staging, as: "\(folder.archives)/\(name).tar"))
        } catch {
            result = .failure(error)
        }
        try await onOwnThread { () throws(any Error) in
            if FileManager.default.fileExists(atPath: staging) { try FileManager.default.removeItem(atPath: staging) }
        }
        return try result.get()
    }

    /// A database that is copied while it is written to cannot be relied on. Processes of an app that is stopped have some
    /// time left to finish what they do.
    private func waitUntilAtRest() async throws {
        let cause = "cannot archive '\(app.name)': its processes may be writing to its volumes"
        let deadline = ContinuousClock.now + .seconds(120)
        while case let processes = try await ProcessStore(database).notStopped(of: app.id), !processes.isEmpty {
            guard try await AppStore(database).find(id: app.id)?.isStopped == true else {
                throw Refusal("\(cause); stop them first: ps stop \(app.name)")
            }
            guard ContinuousClock.now < deadline else {
                let last = processes.compactMap(\.drainUntil).max().map { " until \($0.ISO8601Format())" } ?? ""
                throw Refusal("\(cause): they may go on\(last); try again later")
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    /// Makes a container that has the volume, never runs, and is removed again.
    private func copy(_ volume: Volume, to path: String) async throws {
        let installation = try await Installation.id(from: database)
        let labels = ["martlet.installation": installation.text, "martlet.app": app.id.text]
        // One whose app never ran is not there yet.
        guard try await docker.volumes(labels: labels).contains(where: { $0.name == volume.engineName }) else { return }
        var spec = ContainerSpec(name: "martlet-archive-\(UUID().text)", image: try await anyImage())
        spec.labels = labels
        spec.entrypoint = ["/martlet-archive"]
        spec.mounts = [.volume(volume.engineName, at: "/volume", readOnly: true)]
        let container = try await docker.createContainer(spec)
        let result: Result<Void, any Error>
        do {
            let file = try ArchiveFile(path)
            try await docker.archive(of: container, path: "/volume", seconds: 6 * 3600) { try await file.write($0) }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        try await Task { try await docker.removeContainer(container, force: true) }.value
        try result.get()
    }

    /// Nothing of it is run: any will do.
    private func anyImage() async throws -> String {
        guard let image = try await docker.images(labels: [:]).first else {
            throw Refusal("cannot archive '\(app.name)': Docker has no image with which its volumes could be read")
        }
        return image.id
    }

    private func join(_ staging: String, as path: String) async throws -> AppArchive {
        var arguments = ["-cf", "\(staging)/archive.tar", "-C", staging, "\(app.name)"]
        if FileManager.default.fileExists(atPath: "\(folder.repositories)/\(app.repositoryName)") {
            arguments += [
                "--transform=s,^\(app.id.text)\\.git,\(app.name)/repository.git,", "-C", folder.repositories,
                app.repositoryName,
            ]
        }
        let result = try await Subprocess.run(
            .name("tar"), arguments: Arguments(arguments),
            environment: .custom(["PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"]),
            output: .discarded, error: .string(limit: 65_536))
        guard result.terminationStatus.isSuccess else {
            let reason = result.standardError.split(separator: "\n").first.map(String.init) ?? "tar failed"
            throw Refusal("cannot archive '\(app.name)': \(reason.escaped); try again")
        }
        return AppArchive(path: path, bytes: try await ArchiveFile.publish("\(staging)/archive.tar", as: path))
    }

    /// Such as `20260131-090500`, in UTC.
    private static func stamp() -> String {
        let digits = Date().ISO8601Format().filter { $0.isNumber || $0 == "T" }
        return digits.replacing("T", with: "-")
    }
}
