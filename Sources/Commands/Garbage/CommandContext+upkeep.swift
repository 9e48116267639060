import Platform

extension CommandContext {
    /// The app of that name, for a caller with at least that role; nil for none where the caller is an admin.
    ///
    /// - Throws: `Refusal`, as `AppStore.named` does, and for one who is no admin and names none.
    func app(_ name: String?, atLeast role: Role) async throws -> App? {
        guard let name else {
            try requireAdmin()
            return nil
        }
        return try await apps.named(name, for: caller, atLeast: role)
    }
}
