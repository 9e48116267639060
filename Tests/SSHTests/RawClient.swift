import Glibc

/// A TCP client that knows nothing of SSH. It blocks.
enum RawClient {
    static func connect(port: Int) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return descriptor
    }

    /// All that the server says until it hangs up.
    static func readAll(port: Int) -> String {
        let descriptor = connect(port: port)
        defer { close(descriptor) }
        var all: [UInt8] = []
        while case let bytes = receive(descriptor), !bytes.isEmpty { all += bytes }
        return String(decoding: all, as: UTF8.self)
    }

    static func readLine(_ descriptor: Int32) -> String { String(decoding: receive(descriptor), as: UTF8.self) }

    static func hangUp(_ descriptor: Int32) { close(descriptor) }

    private static func receive(_ descriptor: Int32) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return Array(bytes.prefix(max(0, count)))
    }
}
