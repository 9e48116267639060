/// The object ID of a PostgreSQL type (`pg_type.oid`).
package struct PostgresType: Hashable, Sendable, CustomStringConvertible {
    package let id: UInt32

    package init(_ id: UInt32) { self.id = id }

    package static let bool = PostgresType(16)
    package static let bytea = PostgresType(17)
    package static let int8 = PostgresType(20)
    package static let int2 = PostgresType(21)
    package static let int4 = PostgresType(23)
    package static let text = PostgresType(25)
    package static let oid = PostgresType(26)
    package static let jsonb = PostgresType(3802)
    package static let float4 = PostgresType(700)
    package static let float8 = PostgresType(701)
    package static let timestamptz = PostgresType(1184)
    package static let uuid = PostgresType(2950)
    package static let int8Array = PostgresType(1016)
    package static let textArray = PostgresType(1009)
    package static let uuidArray = PostgresType(2951)

    /// Whether its binary form is its text: text, varchar, bpchar, name, "char", json, xml, unknown, and whatever
    /// a schema defines itself (enums; ID from 16384).
    var isText: Bool { [25, 1043, 1042, 19, 18, 114, 142, 705].contains(id) || id >= 16384 }

    /// Whether it is an array that a Swift array may be read from.
    var isArray: Bool { Self.arrays.contains(id) || id >= 16384 }

    /// int8, int4, int2, text, varchar, name, uuid, bool, float8 and timestamptz arrays.
    private static let arrays: Set<UInt32> = [1016, 1007, 1005, 1009, 1015, 1003, 2951, 1000, 1022, 1185]

    /// Its name where it is a common one, else `type` and its ID.
    package var description: String { Self.names[id] ?? "type \(id)" }

    private static let names: [UInt32: String] = [
        16: "bool", 17: "bytea", 18: "char", 19: "name", 20: "int8", 21: "int2", 23: "int4", 25: "text", 26: "oid",
        114: "json", 700: "float4", 701: "float8", 869: "inet", 650: "cidr", 1000: "bool[]", 1003: "name[]",
        1005: "int2[]", 1007: "int4[]", 1009: "text[]", 1015: "varchar[]", 1016: "int8[]", 1022: "float8[]",
        1042: "bpchar", 1043: "varchar", 1082: "date", 1083: "time", 1114: "timestamp", 1184: "timestamptz",
        1185: "timestamptz[]", 1186: "interval", 1700: "numeric", 2278: "void", 2950: "uuid", 2951: "uuid[]",
        3802: "jsonb",
    ]
}
