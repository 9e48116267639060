/// What a bridge network is to be.
package struct NetworkSpec: Sendable {
    package var name: String
    /// Its IPv4 range, such as `10.200.1.0/24`; its first address becomes the machine's.
    package var subnet: String
    /// The name of the machine's interface on it: at most 15 bytes.
    package var bridgeName: String
    package var labels: [String: String]

    package init(name: String, subnet: String, bridgeName: String, labels: [String: String] = [:]) {
        self.name = name
        self.subnet = subnet
        self.bridgeName = bridgeName
        self.labels = labels
    }
}
