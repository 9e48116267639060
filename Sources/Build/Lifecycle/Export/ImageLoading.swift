import Docker

/// Hands an image to the engine.
struct ImageLoading {
    let docker: DockerClient

    /// Loads the image unless the engine has it, and calls it `name`.
    func load(_ configuration: ImageConfiguration, _ layers: ImageLayers, name: String) async throws
        -> ImageDescription
    {
        let bytes = try configuration.bytes()
        let identity = ImageConfiguration.identity(of: bytes)
        if try await docker.inspectImage(identity) != nil {
            try await docker.tagImage(identity, as: name)
        } else {
            let manifest = try ImageConfiguration.manifest(identity: identity, name: name, layers: layers.names)
            try layers.archive.add("\(identity.dropFirst(7)).json", bytes)
            try layers.archive.add("manifest.json", manifest)
            try layers.archive.finish()
            try await send(layers.archive)
        }
        guard let image = try await docker.inspectImage(name), image.id == identity else {
            throw BuildError("Docker did not keep the image '\(name)'", hint: "push again")
        }
        return image
    }

    private func send(_ archive: ImageArchive) async throws {
        do {
            try await docker.loadImage(fromFile: archive.path)
        } catch let error as DockerError where error.reason.contains("no such file") {
            throw BuildError(
                "Docker lacks a layer that it had: \(error.reason)", hint: "clear the app's build cache and push again")
        }
    }
}
