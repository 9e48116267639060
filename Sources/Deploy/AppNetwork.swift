import Docker
import Foundation
import Platform

/// The network on which an app's processes run, apart from all other apps.
struct AppNetwork: Sendable {
    let docker: DockerClient
    /// The addresses from which networks are cut, such as `10.200.0.0/14`.
    let pool: AddressPool
    let labels: [String: String]

    /// With what the names of all begin.
    static let prefix = "martlet-"

    static func name(of app: UUID) -> String { "\(prefix)\(app.text)" }

    /// The name of the app's network, made if it is not there yet.
    func ensure(for app: UUID) async throws -> String {
        let name = Self.name(of: app)
        if try await docker.inspectNetwork(name) != nil { return name }
        // Docker's own pool ends at about 30 networks, hence explicit subnets.
        var taken = Set(try await docker.networks().flatMap(\.subnets))
        for _ in 0..<64 {
            guard let subnet = pool.firstFree(taken: taken) else { break }
            do {
                try await docker.createNetwork(
                    NetworkSpec(name: name, subnet: subnet, bridgeName: "mart\(app.text.prefix(8))", labels: labels))
                return name
            } catch let error as DockerError where error.isSubnetTaken {
                taken.insert(subnet)
            } catch let error as DockerError where error.isConflict {
                return name  // made meanwhile
            }
        }
        throw DeployError("no free network in \(pool); set MARTLET_NETWORK_POOL to a larger range")
    }
}
