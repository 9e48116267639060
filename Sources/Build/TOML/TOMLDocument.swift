/// A table of a TOML file, read key by key; a mistake names its file and its key.
struct TOMLDocument {
    /// Who wrote it and what it is, such as `buildpack 'a/b@1.0.0': 'launch.toml'`.
    let name: String
    let items: [String: TOMLItem]

    /// - Throws: `BuildError` with the line of the mistake.
    init(_ text: String, name: String) throws(BuildError) {
        // The parser reads up to the first zero byte only.
        if text.utf8.contains(0) { throw BuildError("\(name) holds a zero byte") }
        let items = try TOMLItem.parse(text) {
            BuildError("\(name), line \($0): \($1)", hint: "write it as TOML 1.0 has it")
        }
        self.init(name: name, items: items)
    }

    init(name: String, items: [String: TOMLItem]) {
        self.name = name
        self.items = items
    }

    func string(_ key: String) throws -> String? {
        guard let item = items[key] else { return nil }
        guard case .string(let value) = item else { throw mistake(key, "a string") }
        return value
    }

    /// False when it is not there.
    func boolean(_ key: String) throws -> Bool {
        guard let item = items[key] else { return false }
        guard case .boolean(let value) = item else { throw mistake(key, "'true' or 'false'") }
        return value
    }

    /// Empty when it is not there.
    func strings(_ key: String) throws -> [String] {
        guard let item = items[key] else { return [] }
        guard case .array(let values) = item else { throw mistake(key, "an array of strings") }
        return try values.map {
            guard case .string(let value) = $0 else { throw mistake(key, "an array of strings") }
            return value
        }
    }

    /// Nil when it is not there.
    func table(_ key: String) throws -> TOMLDocument? {
        guard let item = items[key] else { return nil }
        guard case .table(let value) = item else { throw mistake(key, "a table") }
        return TOMLDocument(name: name, items: value)
    }

    /// Empty when it is not there.
    func tables(_ key: String) throws -> [TOMLDocument] {
        guard let item = items[key] else { return [] }
        guard case .array(let values) = item else { throw mistake(key, "an array of tables: '[[\(key)]]'") }
        return try values.map {
            guard case .table(let value) = $0 else { throw mistake(key, "an array of tables: '[[\(key)]]'") }
            return TOMLDocument(name: name, items: value)
        }
    }

    /// - Throws: `BuildError` when it is not there, or empty.
    func required(_ key: String) throws -> String {
        guard let value = try string(key), !value.isEmpty else { throw BuildError("\(name) has no '\(key)'") }
        return value
    }

    private func mistake(_ key: String, _ form: String) -> BuildError {
        BuildError("\(name): '\(key)' must be \(form)")
    }
}
