package import Docker
import Foundation
import Platform

/// The stack: sees to it that its images are there before somebody builds on them.
///
/// They are made by the recipe, once however many ask, or pulled when a setting names them.
package actor StackImage {
    private struct Waiter {
        let log: any BuildOutput
        let continuation: CheckedContinuation<Void, any Error>
    }

    private let docker: DockerClient
    private let recipe: StackRecipe?
    private let stack: Stack
    private let isConfigured: Bool
    private var version: String?
    /// What makes the images now, and those who wait for it.
    private var making: (id: UUID, task: Task<Void, Never>)?
    private var waiters: [UUID: Waiter] = [:]

    /// - Parameters:
    ///   - socket: Docker's, which the recipe uses too.
    ///   - recipe: the folder with the script `build`; nil when there is none, so that only images that are there
    ///     already can be used.
    ///   - configured: images to use instead, pulled when they are not there; nil for the recipe's.
    ///   - made: what the recipe calls its images.
    package init(
        docker: DockerClient, socket: String, recipe: String?, configured: Stack? = nil, made: Stack = .own
    ) {
        self.docker = docker
        self.recipe = recipe.map { StackRecipe(folder: $0, socket: socket) }
        stack = configured ?? made
        isConfigured = configured != nil
    }

    /// The stack, made or pulled first if it is not there. Lines that say how far it is go to `log`.
    ///
    /// - Throws: `BuildError` that says what is missing; `DockerError`; `CancellationError`: the making is stopped when
    ///   nobody else waits for it.
    package func ensure(log: any BuildOutput) async throws -> Stack {
        if isConfigured {
            try await pull(log)
            return stack
        }
        if try await !isCurrent() { try await make(force: false, log) }
        return Stack(build: stack.build, run: stack.run, version: try await wantedVersion())
    }

    /// The stack, made anew with the packages of today, or pulled again.
    ///
    /// - Throws: as `ensure(log:)`.
    package func rebuild(log: any BuildOutput) async throws -> Stack {
        if isConfigured {
            for name in Set([stack.build, stack.run]).sorted() { try await pull(name, log) }
            return stack
        }
        try await make(force: true, log)
        return Stack(build: stack.build, run: stack.run, version: try await wantedVersion())
    }

    /// What there is of it.
    ///
    /// - Throws: `DockerError`; `BuildError` when the recipe cannot be read.
    package func status() async throws -> StackStatus {
        let summaries = try await docker.images(labels: [:])
        var images: [StackStatus.Image] = []
        for name in [stack.build, stack.run] {
            let found = try await docker.inspectImage(name)
            images.append(
                StackStatus.Image(
                    name: name, id: found?.id, version: found?.labels[Self.versionLabel], size: found?.size,
                    created: summaries.first { $0.id == found?.id }?.created))
        }
        let areThere = images.allSatisfy { $0.id != nil }
        let isReady = try await isConfigured ? areThere : isCurrent()
        return StackStatus(images: images, isConfigured: isConfigured, isReady: isReady)
    }

    private static let versionLabel = "martlet.stack.version"

    private func wantedVersion() async throws -> String? {
        if version == nil { version = try await recipe?.version() }
        return version
    }

    /// Whether both images are there, of the recipe's version if there is a recipe.
    private func isCurrent() async throws -> Bool {
        let wanted = try await wantedVersion()
        for name in [stack.build, stack.run] {
            guard let image = try await docker.inspectImage(name) else { return false }
            if wanted != nil, image.labels[Self.versionLabel] != wanted { return false }
        }
        return true
    }
}

// The making, which all who ask for it share.
extension StackImage {
    /// Waits until the images are made, by what makes them already or else a new run of the recipe.
    private func make(force: Bool, _ log: any BuildOutput) async throws {
        guard let recipe else {
            throw BuildError(
                "cannot make the stack: its recipe is not found",
                hint: "set MARTLET_STACK_RECIPE to its folder, or MARTLET_STACK_IMAGE to an image to use instead")
        }
        if making == nil {
            await log.step("Making the stack image, which takes a few minutes the first time")
        } else {
            await log.step("Waiting for the stack image, which is being made already")
        }
        let id = UUID()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                waiters[id] = Waiter(log: log, continuation: continuation)
                if making == nil { making = start(recipe, force: force) }
            }
        } onCancel: {
            Task { await self.leave(id) }
        }
    }

    private func start(_ recipe: StackRecipe, force: Bool) -> (UUID, Task<Void, Never>) {
        let id = UUID()
        let task = Task {
            do {
                try await recipe.make(force: force) { [weak self] line in await self?.tell(line) }
                end(id, .success(()))
            } catch {
                end(id, .failure(error))
            }
        }
        return (id, task)
    }

    private func tell(_ line: [UInt8]) async {
        for waiter in waiters.values { await waiter.log.printed(line) }
    }

    private func end(_ id: UUID, _ result: Result<Void, any Error>) {
        // One that was stopped has nobody who waits for it; those who are here now wait for its successor.
        guard making?.id == id else { return }
        making = nil
        for waiter in waiters.values { waiter.continuation.resume(with: result) }
        waiters = [:]
    }

    private func leave(_ id: UUID) {
        guard let waiter = waiters.removeValue(forKey: id) else { return }
        waiter.continuation.resume(throwing: CancellationError())
        guard waiters.isEmpty else { return }
        making?.task.cancel()
        making = nil
    }
}

// The images that a setting names.
extension StackImage {
    private func pull(_ log: any BuildOutput) async throws {
        for name in Set([stack.build, stack.run]).sorted() where try await docker.inspectImage(name) == nil {
            try await pull(name, log)
        }
    }

    private func pull(_ name: String, _ log: any BuildOutput) async throws {
        await log.step("Pulling the stack image \(name)")
        do {
            try await docker.pullImage(name) { await log.printed($0.utf8) }
        } catch let error as DockerError {
            throw BuildError(
                "\(error)",
                hint: "check MARTLET_STACK_IMAGE and the way to its registry; without it, the image is made here")
        }
    }
}
