import Docker
import Foundation

extension DockerDeployer {
    package func images() async throws -> [EngineImage] {
        try await docker.images(labels: [:]).compactMap { image in
            let names = image.names.filter { EngineImage.build(in: $0) != nil }
            // What somebody made of an app's image has its labels, but a name of its own.
            guard image.names.isEmpty || !names.isEmpty else { return nil }
            let isOurs = labels.all.allSatisfy { image.labels[$0.key] == $0.value }
            // Those that a builder image makes have no labels, only a name.
            guard isOurs || image.labels[ContainerLabels.app] == nil else { return nil }
            let label = isOurs ? image.labels[ContainerLabels.app].flatMap(UUID.init(uuidString:)) : nil
            guard let app = label ?? names.first.flatMap({ EngineImage.build(in: $0)?.app }) else { return nil }
            return EngineImage(
                id: image.id, app: app, names: names, bytes: image.size, isLabelled: label != nil)
        }
    }

    package func layers(of image: String) async throws -> [EngineLayer] {
        let history = try await ifThere { try await docker.history(of: image) } ?? []
        var chain = ""
        return history.map { step in
            chain = "\(chain)\n\(step.created) \(step.size) \(step.command)"
            return EngineLayer(chain: chain, bytes: step.size)
        }
    }

    package func remove(_ image: EngineImage) async throws -> Bool {
        do {
            // Name by name, the image goes with its last one, and never by force: that one stays while any container was made
            // of it. By now the image may have another name, if a build has made the same one again.
            for name in image.names { try await ifThere { try await docker.removeImage(name) } }
            if image.names.isEmpty { try await ifThere { try await docker.removeImage(image.id) } }
            return true
        } catch let error as DockerError where error.isConflict {
            return false
        }
    }
}
