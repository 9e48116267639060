package import Foundation

/// What an engine holds for this installation beside images, whoever it is for.
package struct EngineResources: Sendable {
    package struct Container: Sendable, Equatable {
        package let name: String
        package let app: UUID?
        /// The process that it is; nil for a command of its own, and for what belongs to a build.
        package let process: UUID?
        /// Such as `running` or `exited`.
        package let state: String
        /// Whether it is a command of its own whose time is over.
        package let isOverdue: Bool

        package init(name: String, app: UUID?, process: UUID?, state: String, isOverdue: Bool = false) {
            self.name = name
            self.app = app
            self.process = process
            self.state = state
            self.isOverdue = isOverdue
        }
    }

    /// A network or a volume.
    package struct Named: Sendable, Equatable {
        package let name: String
        package let app: UUID?

        package init(name: String, app: UUID?) {
            self.name = name
            self.app = app
        }
    }

    package let containers: [Container]
    package let networks: [Named]
    package let volumes: [Named]

    package init(containers: [Container], networks: [Named], volumes: [Named]) {
        self.containers = containers
        self.networks = networks
        self.volumes = volumes
    }
}
