import FoundationEssentials

/// What a list or a stream of events is narrowed to: a JSON object in the query.
struct Filters {
    private var values: [String: [String]]

    init(labels: [String: String], _ others: [String: [String]] = [:]) {
        values = others
        if !labels.isEmpty { values["label"] = labels.map { "\($0.key)=\($0.value)" }.sorted() }
    }

    /// The part of the query; empty when nothing is filtered.
    var query: [(name: String, value: String)] {
        get throws {
            if values.isEmpty { return [] }
            return [("filters", String(decoding: try JSONEncoder().encode(values), as: UTF8.self))]
        }
    }
}
