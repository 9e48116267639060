/// A network of Docker's.
package struct DockerNetwork: Sendable, Equatable {
    package let id: String
    package let name: String
    /// Its address ranges, such as `10.200.1.0/24`; empty for `host` and `none`.
    package let subnets: [String]
    package let labels: [String: String]

    /// Docker's own words.
    struct Answer: Decodable, Sendable {
        struct AddressManagement: Decodable, Sendable {
            struct Range: Decodable, Sendable {
                let Subnet: String?
            }
            let Config: [Range]?
        }
        let Id: String
        let Name: String
        let Labels: [String: String]?
        let IPAM: AddressManagement?
    }

    init(_ answer: Answer) {
        id = answer.Id
        name = answer.Name
        subnets = (answer.IPAM?.Config ?? []).compactMap(\.Subnet)
        labels = answer.Labels ?? [:]
    }
}
