/// The variables that hold what was asked for without the path of an endpoint.
///
/// nginx itself could only take it from what it has decoded, and would lose a `%2F`; these are made of what the client
/// wrote. Empty for a client that wrote the path in another way, such as `/%61pi`.
struct NginxPrefixes {
    private let variables: [String: String]

    init(_ hosts: [NginxHost]) {
        let paths = Set(hosts.flatMap { $0.places.filter(\.strips).map(\.path) }).sorted()
        variables = Dictionary(uniqueKeysWithValues: paths.enumerated().map { ($1, "$without_\($0)") })
    }

    func variable(_ path: String) -> String { variables[path] ?? "$request_uri" }

    var lines: [String] {
        variables.sorted { $0.value < $1.value }.flatMap { path, variable in
            NginxText.block(
                "map $request_uri \(variable)",
                [
                    "default \"\";", "\"~^\(Self.pattern(path))(/.*)$\" $1;",
                    "\"~^\(Self.pattern(path))(\\?.*)?$\" /$1;",
                ])
        }
    }

    /// A regular expression for the path alone.
    static func pattern(_ path: String) -> String { path.replacing(".", with: "\\.") }
}
