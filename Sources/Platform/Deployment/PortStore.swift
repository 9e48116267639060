package import Postgres

/// Keeps which of the machine's ports lead to which app.
package struct PortStore: Sendable {
    private static let columns = "app_id, transport, port, type, target"
    private let database: DatabasePool

    package init(_ database: DatabasePool) { self.database = database }

    /// The ports of an app, by number.
    package func list(of app: App) async throws -> [PublishedPort] {
        try await database.query(
            """
            select \(unescaped: Self.columns) from published_ports where app_id = \(app.id) order by port, transport
            """
        ).map(PublishedPort.init)
    }

    /// The ports of every app, by number.
    package func all() async throws -> [PublishedPort] {
        try await database.query("select \(unescaped: Self.columns) from published_ports order by port, transport")
            .map(PublishedPort.init)
    }

    /// Gives a port to an app.
    ///
    /// - Parameters:
    ///   - range: those that may be given; nil for none at all.
    ///   - obstacle: why a port that no app has cannot be given; nil when it can.
    /// - Throws: `Refusal` for a port outside of the range, and for one that is taken. It does not tell whose it is.
    package func add(
        _ port: PublishedPort, to app: App, within range: ClosedRange<Int>?,
        obstacle: (PublishedPort) async throws -> String? = { _ in nil }
    ) async throws {
        guard let range else {
            throw Refusal("cannot publish port \(port.port): the server's ports are an admin's to give; ask one")
        }
        guard range.contains(port.port) else {
            throw Refusal(
                "cannot publish port \(port.port): apps may have \(range.lowerBound)-\(range.upperBound); "
                    + "choose one of those, or ask an admin")
        }
        guard (1...65_535).contains(port.target) else {
            throw Refusal("'\(port.target)' is not a port: a process listens on one of 1-65535", exitStatus: 2)
        }
        let taken = Refusal("port \(port.port)/\(port.transport.rawValue) is taken; choose another")
        let row = try await database.first(
            """
            select app_id from published_ports where port = \(port.port) and transport = \(port.transport.rawValue)
            """)
        if let row {
            guard try row.get("app_id") != app.id else { throw Refusal.portPresent(port, app.name) }
            throw taken
        }
        if let obstacle = try await obstacle(port) {
            throw Refusal("cannot publish port \(port.port)/\(port.transport.rawValue): \(obstacle)")
        }
        do throws(any Error) {
            try await database.execute(
                """
                insert into published_ports (app_id, transport, port, type, target)
                values (\(app.id), \(port.transport.rawValue), \(port.port), \(port.type), \(port.target))
                """)
        } catch let error as DatabaseError where error.isUniqueViolation {
            throw taken
        } catch let error as DatabaseError where error.isForeignKeyViolation {
            throw Refusal.unknownApp(app.name.description)
        }
    }

    /// Takes a port from an app.
    ///
    /// - Throws: `Refusal` when the app does not have it.
    package func remove(
        _ port: Int, _ transport: PublishedPort.TransportProtocol, from app: App
    ) async throws -> PublishedPort {
        let row = try await database.first(
            """
            delete from published_ports where app_id = \(app.id) and port = \(port) and transport = \(transport.rawValue)
            returning \(unescaped: Self.columns)
            """)
        guard let row else { throw Refusal.unknownPort(port, transport, of: app.name) }
        return try PublishedPort(row)
    }
}

extension PublishedPort {
    init(_ row: Row) throws(DatabaseError) {
        self.init(
            appID: try row.get("app_id"),
            transport: TransportProtocol(rawValue: try row.get("transport", as: String.self)) ?? .tcp,
            port: try row.get("port"), type: try row.get("type"), target: try row.get("target"))
    }
}
