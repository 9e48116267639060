import Docker
import Platform
import Synchronization

/// Asks a process whether it is well by a command in its container.
struct CommandCheck: Sendable {
    let docker: DockerClient
    let container: String
    let command: [String]
    let timeout: Duration

    func answer() async throws -> ProbeAnswer {
        let output = Output()
        do {
            let status = try await within(timeout) {
                try await docker.exec(in: container, ExecSpec(command), began: { output.exec = $0 }) {
                    output.append($1)
                }
            }
            guard let status else {
                try await end(output.exec)
                return .bad("\(name) did not end within \(timeout.seconds.text) s")
            }
            return status == 0 ? .good : .bad("\(name) exited with \(status)\(output.lastLine)")
        } catch let error as DockerError where error.isConflict || error.isNotFound {
            return .bad("it does not run")
        } catch let error as DockerError where error.status == 400 {
            return .bad("\(name) cannot be run: \(error.reason)")
        }
    }

    private var name: String { "'\(command.joined(separator: " ").escaped.prefix(80))'" }

    /// Docker cannot end one by itself, and those that hang would be more and more.
    private func end(_ exec: String?) async throws {
        guard let exec, let process = try await docker.execProcess(exec) else { return }
        HostProcess(id: process, container: container).killGroup()
    }

    /// The end of what the command prints.
    private final class Output: Sendable {
        private struct State {
            var exec: String?
            var bytes: [UInt8] = []
        }

        private let state = Mutex(State())

        var exec: String? {
            get { state.withLock { $0.exec } }
            set { state.withLock { $0.exec = newValue } }
        }

        func append(_ bytes: [UInt8]) { state.withLock { $0.bytes = ($0.bytes + bytes).suffix(4096) } }

        var lastLine: String {
            let text = String(decoding: state.withLock { $0.bytes }, as: UTF8.self)
            return text.split(whereSeparator: \.isNewline).last.map { ": \(String($0.prefix(200)).escaped)" } ?? ""
        }
    }
}
