import Foundation

/// Sees to it that the processes of an app are changed by one task at a time: repairs give way to deployments.
package actor AppTurns {
    private var changing: Set<UUID> = []
    private var repairs: [UUID: Task<Void, Never>] = [:]

    package init() {}

    /// Changes an app, after whoever repairs it has been stopped. There is one run of an app at a time.
    nonisolated func changing<Value: Sendable>(
        _ app: UUID, _ body: () async throws -> Value
    ) async throws -> Value {
        await begin(app)
        do {
            let value = try await body()
            await end(app)
            return value
        } catch {
            await end(app)
            throw error
        }
    }

    /// Repairs an app, unless somebody works on it. The task of `body` is cancelled when a deployment wants to begin.
    func repairing(_ app: UUID, _ body: @escaping @Sendable () async -> Void) async {
        guard !changing.contains(app), repairs[app] == nil else { return }
        let task = Task { await body() }
        repairs[app] = task
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        repairs[app] = nil
    }

    /// Whether a deployment of the app goes on.
    func isChanging(_ app: UUID) -> Bool { changing.contains(app) }

    private func begin(_ app: UUID) async {
        changing.insert(app)
        repairs[app]?.cancel()
        await repairs[app]?.value
    }

    private func end(_ app: UUID) { changing.remove(app) }
}
