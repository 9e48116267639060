import AsyncHTTPClient
import FoundationEssentials
import NIOCore

extension DockerClient {
    /// How long a program may run: whoever runs it ends it before by removing the container.
    private static let longest = 7 * 24 * 3600

    /// Runs a program in a container that runs, to its end.
    ///
    /// When the task is cancelled, or `output` throws, the program goes on until its container ends. Docker drops
    /// what has not been taken two seconds after the program's end.
    ///
    /// - Parameters:
    ///   - began: is given the ID by which `execProcess` knows the program, before it starts.
    ///   - output: is given the bytes that it prints, as they come; no more are read until it returns.
    /// - Returns: its exit code; 126 or 127 when it cannot be started.
    /// - Throws: `DockerError`, `isNotFound` when there is no such container, `isConflict` when it does not run; what
    ///   `output` throws; `CancellationError`.
    package func exec(
        in container: String, _ spec: ExecSpec, began: @Sendable (String) -> Void = { _ in },
        output: @escaping @Sendable (ContainerLogLine.Stream, [UInt8]) async throws -> Void
    ) async throws -> Int {
        let operation = "run '\(spec.command.first ?? "")' in container '\(container)'"
        let id = try await createExec(container, spec, operation)
        began(id)
        let start = Request(
            .post, ["exec", id, "start"], body: Array(#"{"Detach":false,"Tty":false}"#.utf8), seconds: Self.longest)
        let failure: (any Error)? = try await connection.send(start, operation) { response in
            var frames = StreamFrames()
            for try await chunk in response.body {
                for piece in frames.append(Array(chunk.readableBytesView)) {
                    // Returned, since what is thrown here becomes an error of Docker's.
                    do { try await output(piece.stream, piece.bytes) } catch { return error }
                }
            }
            return nil
        }
        if let failure { throw failure }
        return try await exitCode(id, operation)
    }

    private func createExec(_ container: String, _ spec: ExecSpec, _ operation: String) async throws -> String {
        struct Answer: Decodable, Sendable {
            let Id: String
        }
        let body = Array(try JSONEncoder().encode(ExecCreation(spec)))
        let request = Request(.post, ["containers", container, "exec"], body: body)
        return try await connection.send(request, operation, as: Answer.self).Id
    }

    /// The process of a program that `exec` runs, as Docker's machine numbers it; nil when it has ended.
    package func execProcess(_ id: String) async throws -> Int32? {
        let answer = try await inspectExec(id, "inspect program '\(id)'")
        return answer.Running && answer.Pid > 0 ? answer.Pid : nil
    }

    private struct ExecAnswer: Decodable, Sendable {
        let Running: Bool
        let ExitCode: Int?
        let Pid: Int32
    }

    private func inspectExec(_ id: String, _ operation: String) async throws -> ExecAnswer {
        try await connection.send(Request(.get, ["exec", id, "json"]), operation, as: ExecAnswer.self)
    }

    /// The output may end a moment before Docker knows of the program's end.
    private func exitCode(_ id: String, _ operation: String) async throws -> Int {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            let answer = try await inspectExec(id, operation)
            if !answer.Running, let code = answer.ExitCode { return code }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw DockerError(operation: operation, reason: "its output ended, and it did not", isTimeout: true)
    }
}
