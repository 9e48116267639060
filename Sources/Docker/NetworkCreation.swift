/// A `NetworkSpec` in Docker's own words: the body of `POST /networks/create`.
struct NetworkCreation: Encodable {
    struct AddressManagement: Encodable {
        let Config: [[String: String]]
    }

    let Name: String
    let CheckDuplicate = true  // before API 1.44 two networks may share a name
    let Driver = "bridge"
    let IPAM: AddressManagement
    let Options: [String: String]
    let Labels: [String: String]

    init(_ spec: NetworkSpec) {
        Name = spec.name
        IPAM = AddressManagement(Config: [["Subnet": spec.subnet]])
        Options = ["com.docker.network.bridge.name": spec.bridgeName]
        Labels = spec.labels
    }
}
