/// The statements that a connection has prepared, by text and parameter types; forgets the least recently used.
struct StatementCache {
    private struct Key: Hashable {
        let sql: String
        let types: [PostgresType]

        init(_ query: Query) {
            sql = query.sql
            types = query.parameters.map(\.type)
        }
    }

    private struct Entry {
        let name: String
        var lastUse: Int
    }

    private var entries: [Key: Entry] = [:]
    private var uses = 0
    private var made = 0
    private let capacity: Int

    init(capacity: Int = 256) { self.capacity = capacity }

    /// The name of the prepared statement; nil when it has to be prepared first.
    mutating func name(for query: Query) -> String? {
        uses += 1
        let key = Key(query)
        guard let index = entries.index(forKey: key) else { return nil }
        entries.values[index].lastUse = uses
        return entries.values[index].name
    }

    /// A name that no statement of this connection has had.
    mutating func newName() -> String {
        made += 1
        return "s\(made)"
    }

    /// Adds a prepared statement. Returns the name of the one that has to go for it; nil while there is room.
    mutating func insert(_ name: String, for query: Query) -> String? {
        let evicted = entries.count < capacity ? nil : entries.min { $0.value.lastUse < $1.value.lastUse }
        if let evicted { entries[evicted.key] = nil }
        entries[Key(query)] = Entry(name: name, lastUse: uses)
        return evicted?.value.name
    }

    /// Forgets a statement, so that it is prepared anew.
    mutating func remove(_ query: Query) { entries[Key(query)] = nil }
}
