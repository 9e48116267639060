/// What was set for one type of an app's processes; it holds for every release.
package struct FormationEntry: Sendable, Hashable, Codable {
    package var type: String
    /// How many there are to be; nil for what the release declares.
    package var quantity: Int?
    /// What each may use; nil for what the release declares.
    package var memoryBytes: Int?
    /// In CPUs; nil for what the release declares.
    package var cpus: Double?

    package init(type: String, quantity: Int? = nil, memoryBytes: Int? = nil, cpus: Double? = nil) {
        self.type = type
        self.quantity = quantity
        self.memoryBytes = memoryBytes
        self.cpus = cpus
    }
}
