/// One step of the schema. Once released it is never changed.
package struct Migration: Sendable {
    /// Its place, from 1, without gaps.
    package let number: Int
    /// What it is known by; the database remembers it.
    package let name: String
    /// Any number of statements; they run in one transaction and hold no `begin` or `commit` of their own.
    package let sql: String

    package init(number: Int, name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }
}
