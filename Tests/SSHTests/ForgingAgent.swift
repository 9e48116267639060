import Glibc
import SSH
import Synchronization
import Threads

/// An SSH agent that claims to hold keys and signs with zeroes, so that OpenSSH's client sends bad signatures.
final class ForgingAgent: Sendable {
    let path: String
    private let listener: Int32
    private let keys: [[UInt8]]

    init(at path: String, keys: [[UInt8]]) throws {
        self.path = path
        self.keys = keys
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0, listen(listener, 8) == 0 else { throw SSHError("cannot start an agent at '\(path)'") }
        startThread { [self] in run() }
    }

    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func run() {
        while case let client = accept(listener, nil, nil), client >= 0 {
            startThread { [self] in serve(client) }
        }
        close(listener)
    }

    private func serve(_ client: Int32) {
        defer { close(client) }
        while let request = receive(client) {
            let answer = request.first == 11 ? identities : signature
            let packet = number(answer.count) + answer
            guard write(client, packet, packet.count) == packet.count else { return }
        }
    }

    private var identities: [UInt8] { [12] + number(keys.count) + keys.flatMap { string($0) + string([]) } }

    private var signature: [UInt8] {
        [14] + string(string(Array("ssh-ed25519".utf8)) + string([UInt8](repeating: 0, count: 64)))
    }

    private func receive(_ client: Int32) -> [UInt8]? {
        guard let header = take(4, client) else { return nil }
        return take(header.reduce(0) { $0 << 8 | Int($1) }, client)
    }

    private func take(_ count: Int, _ client: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return recv(client, &bytes, count, Int32(MSG_WAITALL)) == count ? bytes : nil
    }

    private func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

    private func string(_ bytes: [UInt8]) -> [UInt8] { number(bytes.count) + bytes }
}
