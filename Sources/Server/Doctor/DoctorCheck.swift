import Commands

/// One thing that the doctor looks at.
struct DoctorCheck: Sendable {
    let name: String
    /// After which it is a problem that there is no answer.
    let limit: Duration
    private let examine: @Sendable () async throws -> Finding

    init(_ name: String, limit: Duration = .seconds(5), _ examine: @escaping @Sendable () async throws -> Finding) {
        self.name = name
        self.limit = limit
        self.examine = examine
    }

    /// What is found, at the latest when the time is up; what the check throws is a problem.
    func run() async -> Diagnosis {
        let (findings, continuation) = AsyncStream.makeStream(of: Finding.self, bufferingPolicy: .bufferingOldest(1))
        // Not child tasks, whose end would be waited for: what hangs shall hold up nobody.
        let work = Task { [examine] in
            do {
                continuation.yield(try await examine())
            } catch {
                continuation.yield(.problem("\(error)"))
            }
        }
        let timer = Task { [limit] in
            guard (try? await Task.sleep(for: limit)) != nil else { return }
            continuation.yield(.problem("no answer within \(limit.components.seconds) s"))
        }
        defer {
            work.cancel()
            timer.cancel()
        }
        var found = Finding.problem("the check was cancelled")
        for await finding in findings {
            found = finding
            break
        }
        return Diagnosis(name, found.state, found.text, advice: found.advice)
    }
}
