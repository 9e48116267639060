/// A config variable that an app's repository says it needs or knows.
package struct VariableDeclaration: Sendable, Hashable, Codable {
    package var name: String
    /// What it is for, one line; nil when nothing is said.
    package var description: String?
    /// Whether no release may go without it.
    package var isRequired: Bool
    /// What its processes are given where it is not set; nil for nothing.
    package var value: String?
    /// Whether a random secret is set for it when it is not set: 64 hexadecimal digits.
    package var isGenerated: Bool

    package init(
        name: String, description: String? = nil, isRequired: Bool = false, value: String? = nil,
        isGenerated: Bool = false
    ) {
        self.name = name
        self.description = description
        self.isRequired = isRequired
        self.value = value
        self.isGenerated = isGenerated
    }
}
