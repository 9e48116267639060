internal import CLibSSH
import Glibc

/// Listening and accepting over TCP.
enum Socket {
    /// A socket that listens at `host` and `port`, non-blocking.
    ///
    /// - Throws: when the name is unknown or the port cannot be had.
    static func listen(host: String, port: Int) throws(SSHError) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &list)
        guard status == 0, let list else {
            throw SSHError("cannot listen on '\(host):\(port)': \(String(cString: gai_strerror(status)).lowercased())")
        }
        defer { freeaddrinfo(list) }
        let descriptor = socket(list.pointee.ai_family, Int32(SOCK_STREAM.rawValue) | flags, 0)
        guard descriptor >= 0 else { throw .system("cannot listen on '\(host):\(port)'") }
        set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
        guard bind(descriptor, list.pointee.ai_addr, list.pointee.ai_addrlen) == 0,
            Glibc.listen(descriptor, 1024) == 0
        else {
            let reason = errno
            close(descriptor)
            throw failure(host, port, reason)
        }
        return descriptor
    }

    private static let flags = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)

    private static func failure(_ host: String, _ port: Int, _ code: Int32) -> SSHError {
        guard code == EADDRINUSE else { return .system("cannot listen on '\(host):\(port)'", code) }
        return SSHError(
            "cannot listen on '\(host):\(port)': address already in use; "
                + "stop the other program or set MARTLET_SSH_PORT")
    }

    /// The next connection, non-blocking, and its peer; nil with `errno` set when there is none to be had.
    static func accept(_ listener: Int32) -> (descriptor: Int32, peer: Peer)? {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let descriptor = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { accept4(listener, $0, &length, flags) }
        }
        guard descriptor >= 0 else { return nil }
        tune(descriptor)
        return (descriptor, peer(&address, length))
    }

    /// Small packets go out at once, and a peer that is gone without a word is noticed within a minute.
    private static func tune(_ descriptor: Int32) {
        set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
        set(descriptor, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, 60_000)
    }

    /// Sets an integer option; one that cannot be set is left alone.
    static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// The port a socket is bound to.
    static func port(of descriptor: Int32) -> Int {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        _ = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return peer(&address, length).port
    }

    private static func peer(_ address: inout sockaddr_storage, _ length: socklen_t) -> Peer {
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        var service = [CChar](repeating: 0, count: Int(NI_MAXSERV))
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getnameinfo(
                    $0, length, &host, socklen_t(host.count), &service, socklen_t(service.count),
                    NI_NUMERICHOST | NI_NUMERICSERV)
            }
        }
        guard status == 0 else { return Peer(address: "unknown", port: 0) }
        return Peer(address: text(host), port: Int(text(service)) ?? 0)
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
