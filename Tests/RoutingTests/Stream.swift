import Glibc

/// A TCP connection on loopback that blocks. Closed when let go.
final class Stream: Sendable {
    private let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { Glibc.close(descriptor) }

    /// A connection to `port`; nil when nobody listens.
    static func connect(to port: Int) -> Stream? {
        let stream = Stream(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        return withAddress(port) { Glibc.connect(stream.descriptor, $0, $1) } == 0 ? stream : nil
    }

    /// A socket that listens on `port`, or on a free one for 0; nil when it cannot.
    static func listen(on port: Int = 0) -> (Int32, port: Int)? {
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

    static func close(_ descriptor: Int32) { Glibc.close(descriptor) }

    func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    /// What comes next; empty at the end, or after 10 s of silence.
    func read() -> String {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }

    /// Everything up to `mark`, or to the end when it does not come.
    func read(until mark: String) -> String {
        var text = ""
        while !text.contains(mark) {
            let next = read()
            if next.isEmpty { break }
            text += next
        }
        return text
    }

    func readToEnd() -> String {
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
