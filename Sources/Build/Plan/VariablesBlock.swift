import Platform

/// The block `variables`: the config variables that the app knows.
enum VariablesBlock {
    static let keys = ["description", "required", "value", "generate"]
    private static let example = "variables: {DATABASE_URL: {required: true}}"

    /// By name, in their order.
    static func read(_ setting: Setting) throws(BuildError) -> [VariableDeclaration] {
        var variables: [VariableDeclaration] = []
        for (name, value) in try setting.entries(example: example) {
            do throws(Refusal) {
                _ = try ConfigName(name)
            } catch {
                throw value.error(error.text)
            }
            variables.append(try variable(name, value))
        }
        return variables
    }

    private static func variable(_ name: String, _ setting: Setting) throws(BuildError) -> VariableDeclaration {
        var variable = VariableDeclaration(name: name)
        guard setting.isMapping else {
            if setting.isNull {
                throw setting.error("'\(name)' has no value; give it a default one, or say '\(name): {required: true}'")
            }
            variable.value = try text(setting)
            return variable
        }
        let fields = try setting.fields(keys, example: "\(name): {required: true}")
        variable.description = try fields["description"].map { field throws(BuildError) in
            line(try field.string(example: "description: where the database is"))
        }
        variable.value = try fields["value"].map { field throws(BuildError) in try text(field) }
        if let field = fields["generate"] {
            guard try field.string(example: "generate: secret") == "secret" else {
                throw field.misfit("'secret'", "generate: secret")
            }
            variable.isGenerated = true
        }
        if let field = fields["required"] { variable.isRequired = try field.flag(example: "required: true") }
        try check(variable, setting)
        return variable
    }

    private static func check(_ variable: VariableDeclaration, _ setting: Setting) throws(BuildError) {
        if variable.value != nil, variable.isGenerated {
            throw setting.error("'\(variable.name)' has 'value' and 'generate'; keep one")
        }
        if variable.isRequired, variable.value != nil || variable.isGenerated {
            let key = variable.isGenerated ? "generate" : "value"
            throw setting.error("'\(variable.name)' is never missing with '\(key)'; leave out that or 'required'")
        }
    }

    /// A value that processes can be given.
    private static func text(_ setting: Setting) throws(BuildError) -> String {
        let text = try setting.value(example: "\(setting.key): text")
        guard isValue(text) else {
            throw setting.misfit("a text of at most \(ConfigLimits.valueBytes >> 10) KiB", "value: text")
        }
        return text
    }

    static func isValue(_ text: String) -> Bool {
        text.utf8.count <= ConfigLimits.valueBytes && !text.utf8.contains(0)
    }

    /// A description on one line, not longer than one reads.
    static func line(_ text: String) -> String {
        String(text.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(200))
    }
}
