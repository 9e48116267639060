import Platform

/// What people may give to their apps by themselves; admins may go beyond.
package struct Allowances: Sendable, Equatable {
    /// The machine's ports that apps may publish; nil for none.
    package var ports: ClosedRange<Int>?
    /// What each process may be allowed.
    package var memoryBytes: ClosedRange<Int>
    package var cpus: ClosedRange<Double>

    package init(
        ports: ClosedRange<Int>? = nil, memoryBytes: ClosedRange<Int> = ProcessSizes.memoryBytes,
        cpus: ClosedRange<Double> = ProcessSizes.cpus
    ) {
        self.ports = ports
        self.memoryBytes = memoryBytes
        self.cpus = cpus
    }
}
