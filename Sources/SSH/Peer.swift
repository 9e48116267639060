/// The other end of a connection.
package struct Peer: Sendable, Hashable, CustomStringConvertible {
    /// A numeric IPv4 or IPv6 address.
    package let address: String
    /// Its TCP port.
    package let port: Int

    /// `address:port`, the address of an IPv6 peer in brackets.
    package var description: String {
        address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
    }

    /// A peer at `address` and `port`.
    package init(address: String, port: Int) {
        self.address = address
        self.port = port
    }
}
