import Docker

extension DockerDeployer {
    package func changes() -> AsyncStream<Void> {
        // From here on, not from when the task comes to run.
        let first = (processes: processEvents(), networks: networkEvents())
        // However many there are meanwhile, one look sees them all.
        return AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let task = Task {
                await withTaskGroup { group in
                    group.addTask { await follow(first.processes, then: processEvents, continuation) }
                    group.addTask { await follow(first.networks, then: networkEvents, continuation) }
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private typealias Events = AsyncThrowingStream<DockerEvent, any Error>

    private func processEvents() -> Events {
        docker.events(labels: labels.all, actions: ["die", "oom", "destroy"])
    }

    /// Docker does not tell a network's labels, so these are of other installations too.
    private func networkEvents() -> Events {
        docker.events(labels: [:], types: ["network"], actions: ["disconnect", "destroy"])
    }

    private func concerns(_ event: DockerEvent) -> Bool {
        event.type == "network"
            ? event.attributes["name"]?.hasPrefix(AppNetwork.prefix) == true
            : event.attributes[ContainerLabels.process] != nil
    }

    /// Follows Docker's events until it is cancelled, and begins anew each time that Docker goes away. Why it does is
    /// said by whoever wants something of it meanwhile.
    private func follow(
        _ first: Events, then next: () -> Events, _ continuation: AsyncStream<Void>.Continuation
    ) async {
        var events = first
        var pause = Duration.milliseconds(100)
        while !Task.isCancelled {
            do {
                for try await event in events where concerns(event) {
                    continuation.yield()
                    pause = .milliseconds(100)
                }
            } catch {
                pause = await waitForDocker(pause)
            }
            events = next()
            // Only now, so that nothing happens unseen between that look and the first event.
            continuation.yield()
        }
    }

    /// Waits until Docker answers, longer each time that it does not.
    ///
    /// - Returns: how long to wait at first the next time.
    private func waitForDocker(_ first: Duration) async -> Duration {
        var pause = first
        while !Task.isCancelled {
            // Cancelled, the loop ends.
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(10))
            if let _ = try? await docker.ping() { break }
        }
        return pause
    }
}
