import Docker
import Foundation

extension DockerDeployer {
    package func resources() async throws -> EngineResources {
        let id = { (labels: [String: String], name: String) in labels[name].flatMap(UUID.init(uuidString:)) }
        let containers = try await docker.containers(labels: labels.all, all: true)
        let networks = try await docker.networks(labels: labels.all)
        let volumes = try await docker.volumes(labels: labels.all)
        return EngineResources(
            containers: containers.map { container in
                EngineResources.Container(
                    name: container.name, app: id(container.labels, ContainerLabels.app),
                    process: id(container.labels, ContainerLabels.process), state: container.state,
                    isOverdue: ContainerLabels.isOverdue(container.labels))
            },
            networks: networks.map { .init(name: $0.name, app: id($0.labels, ContainerLabels.app)) },
            volumes: volumes.map { .init(name: $0.name, app: id($0.labels, ContainerLabels.app)) })
    }

    package func removeVolume(_ name: String) async throws -> Bool {
        do {
            try await ifThere { try await docker.removeVolume(name) }
            return true
        } catch let error as DockerError where error.isConflict {
            return false
        }
    }
}
