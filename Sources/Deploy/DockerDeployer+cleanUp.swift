import Docker
package import Foundation
import Platform

extension DockerDeployer {
    package func removeUnwanted(
        except wanted: () async throws -> Set<UUID>, apps existing: () async throws -> Set<UUID>
    ) async throws -> Int {
        // Listed before it is asked what is wanted: whoever starts something notes it first.
        let containers = try await docker.containers(labels: labels.all, all: true)
        let networks = try await docker.networks(labels: labels.all)
        let processes = try await wanted()
        let apps = try await existing()
        let unwanted = containers.filter { isUnwanted($0, wanted: processes) }
        for container in unwanted { try await remove(container.id) }
        let orphans = networks.filter { !Self.holds(apps, $0.labels[ContainerLabels.app]) }
        for network in orphans { try await ifThere { try await docker.removeNetwork(network.id) } }
        return unwanted.count + orphans.count
    }

    package func removeApp(_ id: UUID) async throws {
        let label = [ContainerLabels.app: id.text]
        for container in try await docker.containers(labels: label, all: true) { try await remove(container.id) }
        for network in try await docker.networks(labels: label) {
            try await ifThere { try await docker.removeNetwork(network.id) }
        }
        for volume in try await docker.volumes(labels: label) {
            try await ifThere { try await docker.removeVolume(volume.name) }
        }
        for image in try await docker.images(labels: label) {
            try await ifThere { try await docker.removeImage(image.id, force: true) }
        }
        // Those without labels.
        for image in try await images() where image.app == id { _ = try await remove(image) }
    }

    /// Containers of builds belong to whoever builds.
    private func isUnwanted(_ container: ContainerSummary, wanted: Set<UUID>) -> Bool {
        guard let process = container.labels[ContainerLabels.process] else {
            return labels.isAbandoned(container.labels, isRunning: oneOffs.contains(container.name))
        }
        return !Self.holds(wanted, process)
    }

    private static func holds(_ ids: Set<UUID>, _ text: String?) -> Bool {
        text.flatMap(UUID.init(uuidString:)).map(ids.contains) ?? false
    }
}
