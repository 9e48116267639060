import Foundation
import Glibc
import Synchronization
import TestKit

/// A socket that leads to the real Docker, as long as it is to be there.
final class DockerRelay: Sendable {
    private static let program = """
        import socket, sys, threading
        def pump(a, b):
            try:
                while data := a.recv(65536): b.sendall(data)
            except OSError: pass
            for s in (a, b):
                try: s.shutdown(socket.SHUT_RDWR)
                except OSError: pass
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(sys.argv[1])
        listener.listen(64)
        print("ready", flush=True)
        while True:
            client = listener.accept()[0]
            docker = socket.socket(socket.AF_UNIX)
            docker.connect("/var/run/docker.sock")
            for pair in ((client, docker), (docker, client)): threading.Thread(target=pump, args=pair, daemon=True).start()
        """

    let path = "/tmp/mt-\(UUID().uuidString.prefix(8)).sock"
    private let running = Mutex<RunningCommand?>(nil)

    /// Runs `body`, and takes the socket away.
    static func with(_ body: (DockerRelay) async throws -> Void) async throws {
        let relay = DockerRelay()
        do {
            try await body(relay)
        } catch {
            try await relay.stop()
            throw error
        }
        try await relay.stop()
    }

    func start() async throws {
        let command = try Command(["python3", "-u", "-c", Self.program, path]).start()
        running.withLock { $0 = command }
        try await command.prints("ready")
    }

    /// Ends all connections, and takes the socket away.
    func stop() async throws {
        guard let command = running.withLock({ $0.take() }) else { return }
        command.signal(SIGKILL)
        _ = try await command.result()
        unlink(path)
    }
}
