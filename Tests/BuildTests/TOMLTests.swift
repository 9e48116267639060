import Foundation
import Testing

@testable import Build

@Suite struct TOMLTests {
    @Test func `what is written is read again as it was`() throws {
        let items: [String: TOMLItem] = [
            "text": .string("quote \" backslash \\ tab \t bell \u{7} umlaut ü"), "a b": .integer(-7),
            "share": .number(0.5), "on": .boolean(true), "day": .moment("2024-05-01"),
            "one": .number(1), "most": .number(.infinity),
            "list": .array([.string("x"), .integer(1), .table(["deep": .array([])])]), "": .table([:]),
        ]
        let text = TOMLItem.lines(items)
        #expect(try TOMLDocument(text, name: "'x'").items == items)
        #expect(try JSONDecoder().decode([String: TOMLItem].self, from: JSONEncoder().encode(items)) == items)
        #expect(text.contains("\n\"a b\" = -7\n"))
        #expect(text.contains("list = [\"x\", 1, {deep = []}]"))
    }

    @Test func `a mistake names the file and the line`() {
        let error = #expect(throws: BuildError.self) {
            try TOMLDocument("a = 1\nb = = 2\n", name: "buildpack 'a/b@1.0.0': 'launch.toml'")
        }
        #expect(error?.description.hasPrefix("buildpack 'a/b@1.0.0': 'launch.toml', line 2: ") == true)
    }

    @Test(arguments: [
        ("id = 1", "'x': 'id' must be a string"), ("", "'x' has no 'id'"), ("id = \"\"", "'x' has no 'id'"),
    ])
    func `a value of another kind names its key`(text: String, message: String) throws {
        let document = try TOMLDocument(text, name: "'x'")
        #expect(throws: BuildError(message)) { try document.required("id") }
    }

    @Test func `tables, arrays and booleans are judged too`() throws {
        let document = try TOMLDocument("a = 1\nb = [1]\n", name: "'x'")
        #expect(throws: BuildError("'x': 'a' must be 'true' or 'false'")) { try document.boolean("a") }
        #expect(throws: BuildError("'x': 'b' must be an array of strings")) { try document.strings("b") }
        #expect(throws: BuildError("'x': 'a' must be a table")) { try document.table("a") }
        #expect(throws: BuildError("'x': 'b' must be an array of tables: '[[b]]'")) { try document.tables("b") }
        #expect(throws: BuildError("'x' holds a zero byte")) { try TOMLDocument("a = 1\0", name: "'x'") }
    }
}
