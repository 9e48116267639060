import Foundation
import Testing

@testable import Postgres

extension SharedClusterTests {
    @Suite struct DatabaseValueTests {
        @Test func `every type comes back as it was sent`() async throws {
            try await TestCluster.withPool { pool in
                try await roundTrip("", pool)
                try await roundTrip("naïve 🪿 'quoted' \\ \"text\"\n$1", pool)
                try await roundTrip(Int.min, pool)
                try await roundTrip(Int64.max, pool)
                try await roundTrip(true, pool)
                try await roundTrip(false, pool)
                try await roundTrip(-0.125, pool)
                try await roundTrip(UUID(), pool)
                try await roundTrip([UInt8](0...255) + [0, 0], pool)
                try await roundTrip([UInt8](), pool)
                try await roundTrip(["a", "", "b,{}\"'"], pool)
                try await roundTrip([String](), pool)
                try await roundTrip([1, -2, 3], pool)
                try await roundTrip([UUID(), UUID()], pool)
            }
        }

        @Test func `moments keep their microseconds and infinities`() async throws {
            try await TestCluster.withPool { pool in
                for date in [Date(timeIntervalSince1970: 0.000001), Date(timeIntervalSince1970: 1_700_000_000.654321)] {
                    let row = try #require(try await pool.first("select \(date) as value"))
                    #expect(abs(try row.get("value", as: Date.self).timeIntervalSince(date)) < 0.000001)
                }
                try await roundTrip(Date(timeIntervalSinceReferenceDate: .infinity), pool)
                try await roundTrip(Date(timeIntervalSinceReferenceDate: -.infinity), pool)
                let row = try #require(try await pool.first("select timestamptz '2024-02-29 12:00:00.5+02' as value"))
                #expect(try row.get("value", as: Date.self) == Date(timeIntervalSince1970: 1_709_200_800.5))
            }
        }

        @Test func `NULL is nil in both directions`() async throws {
            try await TestCluster.withPool { pool in
                let none: String? = nil
                let query: Query = "select \(none) as a, \(Int?.none) as b, \(Date?.none) as c"
                let row = try #require(try await pool.first(query))
                let text: String? = try row.get("a")
                #expect(text == nil)
                #expect(try row.get("b", as: Int?.self) == nil)
                #expect(try row.get("c", as: Date?.self) == nil)
                try await roundTrip(Optional("some"), pool)
            }
        }

        @Test func `smaller numbers, names, enums and json are read too`() async throws {
            try await TestCluster.withPool { pool in
                try await pool.execute("create type mood as enum ('glad', 'sad')")
                let row = try #require(
                    try await pool.first(
                        """
                        select (-7)::smallint as small, (-8)::int as medium, 4000000000::oid as id, 'x'::name as name,
                            \("glad")::mood as mood, \("{\"a\": 1}")::jsonb as json, 0.5::real as real,
                            array[1, 2]::int[] as numbers
                        """))
                #expect(try row.get("small") == -7)
                #expect(try row.get("medium") == -8)
                #expect(try row.get("id") == 4_000_000_000)
                #expect(try row.get("name") == "x")
                #expect(try row.get("mood", as: Mood.self) == .glad)
                #expect(try row.get("json") == "{\"a\": 1}")
                #expect(try row.get("real") == 0.5)
                #expect(try row.get("numbers") == [1, 2])
            }
        }

        @Test func `an enum of strings is a parameter`() async throws {
            try await TestCluster.withPool { pool in try await roundTrip(Mood.sad, pool) }
        }

        @Test func `a column that is missing, NULL or of another type is named`() async throws {
            try await TestCluster.withPool { pool in
                let row = try #require(try await pool.first("select null::text as a, 1::numeric as b, 'sour' as c"))
                #expect(
                    try await failure { _ = try row.get("x", as: Int.self) }.description
                        == "read column 'x' as Int: there is no such column; the columns are a, b, c")
                #expect(
                    try await failure { _ = try row.get("a", as: String.self) }.description
                        == "read column 'a' as String: it is NULL")
                #expect(
                    try await failure { _ = try row.get("b", as: Int.self) }.description
                        == "read column 'b' as Int: it is a numeric that does not hold one")
                #expect(try await failure { _ = try row.get("c", as: Mood?.self) }.reason.contains("text"))
            }
        }

        private func roundTrip<T: DatabaseValue & Equatable>(_ value: T, _ pool: DatabasePool) async throws {
            let row = try #require(try await pool.first("select \(value) as value"))
            #expect(try row.get("value", as: T.self) == value)
        }

        private enum Mood: String, DatabaseValue { case glad, sad }
    }
}
