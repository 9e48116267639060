import Glibc

/// A TCP connection on loopback that blocks. Closed when let go.
package final class TCPStream: Sendable {
    private let descriptor: Int32

    package init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { Glibc.close(descriptor) }

    /// A connection to `port`; nil when nobody listens.
    package static func connect(to port: Int) -> TCPStream? {
        let stream = TCPStream(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        return withAddress(port) { Glibc.connect(stream.descriptor, $0, $1) } == 0 ? stream : nil
    }

    /// A socket that listens on `port`, or on a free one for 0; nil when it cannot.
    package static func listen(on port: Int = 0) -> (Int32, port: Int)? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard withAddress(port, { bind(descriptor, $0, $1) }) == 0, Glibc.listen(descriptor, 128) == 0 else {
            close(descriptor)
            return nil
        }
        var name = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return (descriptor, Int(UInt16(bigEndian: name.sin_port)))
    }

    package static func close(_ descriptor: Int32) { Glibc.close(descriptor) }

    package func write(_ text: String) { write(Array(text.utf8)) }

    package func write(_ bytes: [UInt8]) {
        var bytes = bytes[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    /// What comes next, at most `count` bytes; empty at the end, or after 10 s of silence.
    package func bytes(_ count: Int = 65536) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        let read = recv(descriptor, &buffer, count, 0)
        return Array(buffer.prefix(max(0, read)))
    }

    /// What comes next; empty at the end, or after 10 s of silence.
    package func read() -> String { String(decoding: bytes(), as: UTF8.self) }

    /// Everything up to `mark`, or to the end when it does not come.
    package func read(until mark: String) -> String {
        var text = ""
        while !text.contains(mark) {
            let next = read()
            if next.isEmpty { break }
            text += next
        }
        return text
    }

    package func readToEnd() -> String {
        var text = ""
        while case let next = read(), !next.isEmpty { text += next }
        return text
    }

    private static func withAddress(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = UInt16(port).bigEndian
        name.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}
