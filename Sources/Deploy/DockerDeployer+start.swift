import Docker
import Foundation
package import Platform

extension DockerDeployer {
    package func start(
        _ process: AppProcess, as plan: ProcessPlan, of release: Release, app: App,
        report: @escaping @Sendable (String) async -> Void
    ) async throws -> String {
        let place = ContainerPlace(process, plan, release)
        do {
            // One that is left over from a start that was cut short.
            try await removeContainer(of: process, at: place)
            let container = try await create(process, plan, release, app, at: place)
            try await note(container, process)
            try await start(container, as: place.process)
            let probe = plan.startupProbe(of: release.product, uptimeSeconds: limits.uptimeSeconds)
            let watch = StartupWatch(
                docker: docker, container: container, process: place.process,
                check: check(probe, release, app), limit: limits.health, report: report)
            let address = try await watch.waitUntilHealthy()
            try await watch.keepRunning()
            return "\(address):\(release.product.port)"
        } catch {
            // The cause may be a cancellation, which must not stop the clean-up. What fails here is found by the next
            // pass over what is not wanted.
            await Task { try? await removeContainer(of: process, at: place) }.value
            guard let error = error as? DeployError else { throw error }
            let mask = try mask(of: release)
            throw DeployError(mask.masked(error.description), lastLines: error.lastLines.map(mask.masked))
        }
    }

    private func create(
        _ process: AppProcess, _ plan: ProcessPlan, _ release: Release, _ app: App, at place: ContainerPlace
    ) async throws -> String {
        var spec = try await spec(place.container, release, app, dyno: place.process)
        spec.entrypoint = plan.declaration.entrypoint
        spec.command = plan.declaration.command
        spec.labels[ContainerLabels.process] = process.id.text
        spec.labels[ContainerLabels.name] = place.process
        spec.memoryBytes = plan.memoryBytes ?? limits.memoryBytes
        spec.cpus = plan.cpus ?? limits.cpus
        spec.stopTimeoutSeconds = plan.declaration.stopSeconds ?? limits.stopSeconds
        do {
            return try await create(spec, with: plan.volumes, of: app, as: place.process)
        } catch let error as DockerError where error.isConflict {
            try await removeDead(at: place)
            return try await create(spec, with: plan.volumes, of: app, as: place.process)
        }
    }

    /// Makes a container and its volumes.
    ///
    /// - Throws: `DeployError` when Docker does not want it; `DockerError`, `isConflict` when the name is taken.
    func create(_ spec: ContainerSpec, with volumes: [Volume], of app: App, as name: String) async throws -> String {
        let appVolumes = AppVolumes(docker: docker, volumes: volumes, labels: labels.of(app.id))
        try await appVolumes.create()
        var spec = spec
        spec.mounts = appVolumes.mounts
        let container = try await create(spec, as: name)
        try await appVolumes.giveToUser(of: spec.image, in: container)
        return container
    }

    private func create(_ spec: ContainerSpec, as name: String) async throws -> String {
        do {
            return try await docker.createContainer(spec)
        } catch let error as DockerError where error.isNotFound {
            throw DeployError("\(name) cannot be started: its image '\(spec.image)' is gone; push again")
        } catch let error as DockerError where error.status == 400 {
            throw DeployError("\(name) cannot be started: \(error.reason)")
        }
    }

    /// What Docker refuses to start is the image's fault: no such user, or no such program.
    func start(_ container: String, as name: String) async throws {
        do {
            try await docker.start(container)
        } catch let error as DockerError where error.reason.contains("no available IPv4 addresses") {
            throw DeployError(
                "\(name) cannot be started: all addresses of the app's network are taken, also by processes that still "
                    + "finish what they do ('ps list'); wait for those, or scale down")
        } catch let error as DockerError where error.status != nil {
            throw DeployError("\(name) cannot be started: \(error.reason)")
        }
    }

    /// Removes the container of a process, unless another one's is in its place.
    private func removeContainer(of process: AppProcess, at place: ContainerPlace) async throws {
        guard let holder = try await docker.inspectContainer(place.container),
            holder.labels[ContainerLabels.process] == process.id.text
        else { return }
        try await remove(holder.id)
    }

    /// Makes room where a container that has ended is in the place.
    ///
    /// - Throws: `DeployError` when it runs.
    private func removeDead(at place: ContainerPlace) async throws {
        guard let holder = try await docker.inspectContainer(place.container) else { return }
        guard !holder.isRunning else {
            let release = holder.labels[ContainerLabels.release].map { " of \($0)" } ?? ""
            throw DeployError(
                "\(place.process) cannot be started: there may be one only, and \(place.process)\(release) "
                    + "(container '\(place.container)') still runs; stop it first")
        }
        try await remove(holder.id)
    }
}
