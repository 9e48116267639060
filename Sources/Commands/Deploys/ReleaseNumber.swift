import ArgumentParser

/// A release's number as people write it: `v3` or `3`.
struct ReleaseNumber: ExpressibleByArgument, Equatable {
    let number: Int

    init?(argument: String) {
        let digits = argument.hasPrefix("v") ? argument.dropFirst() : argument[...]
        guard digits.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(digits), number > 0 else {
            return nil
        }
        self.number = number
    }
}
