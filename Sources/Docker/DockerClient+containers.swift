import FoundationEssentials

extension DockerClient {
    /// Makes a container; it does not run yet.
    ///
    /// - Returns: its ID.
    /// - Throws: `DockerError`, `isNotFound` when there is no such image, `isConflict` when the name is taken.
    package func createContainer(_ spec: ContainerSpec) async throws -> String {
        struct Answer: Decodable, Sendable {
            let Id: String
        }
        let body = Array(try JSONEncoder().encode(ContainerCreation(spec)))
        let request = Request(.post, ["containers", "create"], query: [("name", spec.name)], body: body, seconds: 120)
        return try await connection.send(request, "create container '\(spec.name)'", as: Answer.self).Id
    }

    /// Starts a container; does nothing when it runs.
    package func start(_ container: String) async throws {
        let request = Request(.post, ["containers", container, "start"], seconds: 120)
        _ = try await connection.send(request, "start container '\(container)'")
    }

    /// Sends the container's stop signal, and `SIGKILL` when it still runs after `timeoutSeconds`. Returns once it
    /// ended; does nothing when it is not running.
    package func stop(_ container: String, timeoutSeconds: Int) async throws {
        let request = Request(
            .post, ["containers", container, "stop"], query: [("t", "\(timeoutSeconds)")], seconds: timeoutSeconds + 30)
        _ = try await connection.send(request, "stop container '\(container)'")
    }

    /// Ends what runs in a container, as `stop` does, and starts it anew. Docker counts its restarts from zero again.
    ///
    /// - Throws: `DockerError`, `isNotFound` when there is none.
    package func restart(_ container: String, timeoutSeconds: Int) async throws {
        let request = Request(
            .post, ["containers", container, "restart"], query: [("t", "\(timeoutSeconds)")],
            seconds: timeoutSeconds + 120)
        _ = try await connection.send(request, "restart container '\(container)'")
    }

    /// Changes what Docker does when a container ends.
    ///
    /// - Throws: `DockerError`, `isNotFound` when there is none.
    package func setRestartPolicy(_ policy: ContainerSpec.RestartPolicy, of container: String) async throws {
        let body = Array(try JSONEncoder().encode(["RestartPolicy": ["Name": policy.rawValue]]))
        let request = Request(.post, ["containers", container, "update"], body: body)
        _ = try await connection.send(request, "change restart policy of container '\(container)'")
    }

    /// Sends a signal, such as `SIGHUP`.
    ///
    /// - Throws: `DockerError`, `isConflict` when it is not running.
    package func kill(_ container: String, signal: String) async throws {
        let request = Request(.post, ["containers", container, "kill"], query: [("signal", signal)])
        _ = try await connection.send(request, "send \(signal) to container '\(container)'")
    }

    /// Removes a container with its anonymous volumes, and returns once it is gone.
    ///
    /// - Parameter force: whether it is killed first if it runs.
    /// - Throws: `DockerError`, `isNotFound` when there is none, `isConflict` when it runs and `force` is not set.
    package func removeContainer(_ container: String, force: Bool = false) async throws {
        let operation = "remove container '\(container)'"
        let request = Request(
            .delete, ["containers", container], query: [("force", force ? "1" : "0"), ("v", "1")], seconds: 60)
        do {
            _ = try await connection.send(request, operation)
        } catch let error as DockerError where error.isConflict && error.reason.contains("already in progress") {
            let wait = Request(
                .post, ["containers", container, "wait"], query: [("condition", "removed")], seconds: 60)
            _ = try await connection.send(wait, operation)
        }
    }

    /// How a container is doing; nil when there is none.
    ///
    /// - Parameter container: its ID or its name.
    package func inspectContainer(_ container: String) async throws -> ContainerState? {
        do {
            let request = Request(.get, ["containers", container, "json"])
            return ContainerState(
                try await connection.send(request, "inspect container '\(container)'", as: ContainerState.Answer.self))
        } catch let error as DockerError where error.isNotFound {
            return nil
        }
    }

    /// The containers that carry all of `labels`.
    ///
    /// - Parameter all: also those that do not run.
    package func containers(labels: [String: String], all: Bool) async throws -> [ContainerSummary] {
        let query = [("all", all ? "1" : "0")] + (try Filters(labels: labels).query)
        let request = Request(.get, ["containers", "json"], query: query)
        return try await connection.send(request, "list containers", as: [ContainerSummary.Answer].self)
            .map(ContainerSummary.init)
    }

    /// Waits until a container does not run, however long that takes; one that was never started does not run.
    ///
    /// - Returns: its exit code.
    /// - Throws: `DockerError`, `isNotFound` when there is none, or no more.
    package func wait(_ container: String) async throws -> Int {
        while let state = try await inspectContainer(container) {
            if !state.isRunning { return state.exitCode }
            do {
                return try await waitBriefly(container)
            } catch let error as DockerError where error.isTimeout {
                continue  // the inspection finds out whether Docker hangs or the container goes on
            }
        }
        throw DockerError(operation: "wait for container '\(container)'", reason: "it is gone", status: 404)
    }

    private func waitBriefly(_ container: String) async throws -> Int {
        struct Answer: Decodable, Sendable {
            let StatusCode: Int
        }
        let request = Request(
            .post, ["containers", container, "wait"], query: [("condition", "not-running")], seconds: 60)
        return try await connection.send(request, "wait for container '\(container)'", as: Answer.self).StatusCode
    }
}
