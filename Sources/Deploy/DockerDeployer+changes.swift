import Docker

extension DockerDeployer {
    package func changes() -> AsyncStream<Void> {
        // From here on, not from when the task comes to run.
        let first = events()
        // However many there are meanwhile, one look sees them all.
        return AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let task = Task {
                await follow(first, continuation)
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private func events() -> AsyncThrowingStream<DockerEvent, any Error> {
        docker.events(labels: labels.all, actions: ["die", "oom", "destroy"])
    }

    /// Follows Docker's events until it is cancelled, and begins anew each time that Docker goes away. Why it does is
    /// said by whoever wants something of it meanwhile.
    private func follow(
        _ first: AsyncThrowingStream<DockerEvent, any Error>, _ continuation: AsyncStream<Void>.Continuation
    ) async {
        var events = first
        var pause = Duration.milliseconds(100)
        while !Task.isCancelled {
            do {
                for try await event in events where event.attributes[ContainerLabels.process] != nil {
                    continuation.yield()
                    pause = .milliseconds(100)
                }
            } catch {
                pause = await waitForDocker(pause)
            }
            events = self.events()
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
