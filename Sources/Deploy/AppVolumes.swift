import Docker
import Platform

/// The volumes of an app, as Docker keeps them.
struct AppVolumes: Sendable {
    let docker: DockerClient
    let volumes: [Volume]
    let labels: [String: String]

    var mounts: [ContainerSpec.Mount] {
        volumes.map { .volume($0.engineName, at: $0.path, readOnly: $0.isReadOnly) }
    }

    /// Makes those that are not there yet.
    func create() async throws {
        for volume in volumes { try await docker.createVolume(volume.engineName, labels: labels) }
    }

    /// Lets the user of an image write to the volumes of a container that does not run yet.
    ///
    /// Docker gives an empty volume the owner of the image's folder at its path, which is root where the image has
    /// none, or a careless one. Only a folder of root's is given away, and nothing in it. This needs no program of
    /// the image.
    func giveToUser(of image: String, in container: String) async throws {
        let writable = volumes.filter { !$0.isReadOnly }
        guard !writable.isEmpty, let description = try await docker.inspectImage(image) else { return }
        let files = ContainerFiles(docker: docker, container: container)
        guard let user = try await ImageUser.find(description.user, in: files) else { return }
        for volume in writable {
            guard var folder = try await files.header(volume.path), folder.user == 0 else { continue }
            folder.user = user.id
            folder.group = user.group
            try await files.setOwner(folder, of: volume.path)
        }
    }
}
