import Foundation
import Testing

@testable import Commands

@Suite struct CommandGrammarTests {
    @Test(arguments: [
        (["apps:create", "shop"], ["apps", "create", "shop"]), (["apps", "create", "a:b"], ["apps", "create", "a:b"]),
        ([], []),
    ])
    func `the colon form reads like two words`(words: [String], expected: [String]) {
        #expect(CommandLineRunner.splitColon(words) == expected)
    }

    @Test func `lists are columns for people and JSON for programs`() throws {
        struct Entry: Encodable {
            let name: String
            let at: Date
        }
        let table = Table(
            header: ["NAME", "AT"],
            elements: [
                Entry(name: "shop", at: Date(timeIntervalSince1970: 0)),
                Entry(name: "ä", at: Date(timeIntervalSince1970: 60)),
            ],
            cells: { [$0.name, $0.at.minute] })
        #expect(try table.rendered(asJSON: false) == "NAME  AT\nshop  1970-01-01 00:00\nä     1970-01-01 00:01")
        #expect(try table.rendered(asJSON: true).contains("\"at\" : \"1970-01-01T00:00:00Z\""))
    }
}
