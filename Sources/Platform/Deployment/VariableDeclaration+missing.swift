extension VariableDeclaration {
    /// Those of `declarations` that a release needs and would not get: required ones that are not set, have no value of
    /// their own and are not generated.
    ///
    /// - Parameters:
    ///   - declarations: nil for none.
    ///   - names: the variables that are set for the app.
    package static func missing(
        from declarations: [VariableDeclaration]?, names: Set<String>
    ) -> [VariableDeclaration] {
        (declarations ?? []).filter { variable in
            variable.isRequired && variable.value == nil && !variable.isGenerated && !names.contains(variable.name)
        }
    }

    /// What it is called and for, such as `DATABASE_URL (the database's address)`.
    package var words: String { name + (description.map { " (\($0.escaped))" } ?? "") }

    /// Why a release without `missing` is refused, such as `config variable A (…) is not set`; with the commands that
    /// set them, a line each.
    ///
    /// - Parameter missing: one at least.
    package static func refusal(
        of missing: [VariableDeclaration], app: AppName
    ) -> (text: String, hint: String) {
        let names = missing.map(\.words).joined(separator: ", ")
        let text =
            missing.count == 1
            ? "the required config variable \(names) is not set" : "required config variables are not set: \(names)"
        return (text, missing.map { "config set \(app) \($0.name)=VALUE" }.joined(separator: "\n"))
    }
}
