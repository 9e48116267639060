import Glibc
package import Platform

/// Whether a port of this machine is free. One that another program has would keep nginx from every change.
package enum PortProbe {
    /// Whether nobody has the port of an IP address of this machine, as far as can be told without taking it.
    package static func isFree(_ transport: PublishedPort.TransportProtocol, _ address: String, _ port: Int) -> Bool {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_PASSIVE
        hints.ai_socktype = Int32(transport == .tcp ? SOCK_STREAM.rawValue : SOCK_DGRAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address, "\(port)", &hints, &list) == 0, let entry = list?.pointee else { return true }
        defer { freeaddrinfo(list) }
        let descriptor = socket(entry.ai_family, entry.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        var isOn: Int32 = 1
        // As nginx does: what waits for its end does not count. For UDP it would let us share.
        if transport == .tcp {
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isOn, socklen_t(MemoryLayout<Int32>.size))
        }
        return bind(descriptor, entry.ai_addr, entry.ai_addrlen) == 0
    }
}
