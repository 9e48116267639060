import Glibc

/// A UDP socket on loopback that blocks, for 20 s at most.
final class Datagrams: Sendable {
    let port: Int
    private let descriptor: Int32

    init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        self.descriptor = descriptor
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var name = Self.address(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
            }
        }
        port = Int(UInt16(bigEndian: name.sin_port))
        guard isBound else { throw CancellationError() }
    }

    deinit { close(descriptor) }

    /// Whoever receives gets nothing any more.
    func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    func send(_ text: String, to receiver: sockaddr_in) {
        var receiver = receiver
        let bytes = Array(text.utf8)
        withUnsafePointer(to: &receiver) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                _ = sendto(descriptor, bytes, bytes.count, 0, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    func receive() -> (text: String, sender: sockaddr_in)? {
        var bytes = [UInt8](repeating: 0, count: 2048)
        var sender = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let count = withUnsafeMutablePointer(to: &sender) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                recvfrom(descriptor, &bytes, bytes.count, 0, pointer, &length)
            }
        }
        return count > 0 ? (String(decoding: bytes.prefix(count), as: UTF8.self), sender) : nil
    }

    static func address(_ port: Int) -> sockaddr_in {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = UInt16(port).bigEndian
        name.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return name
    }
}
