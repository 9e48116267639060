import Testing

@testable import Platform

@Suite struct ConfigNameTests {
    @Test(arguments: ["A", "_", "lower_case9", String(repeating: "X", count: 128), "PORTS", "MARTLET"])
    func `letters, digits and underscores make a name`(text: String) throws {
        #expect(try ConfigName(text).description == text)
    }

    @Test(arguments: ["", "9A", "A-B", "A B", "Ä", "A=B", "A\n", String(repeating: "X", count: 129)])
    func `anything else is refused`(text: String) {
        let refusal = #expect(throws: Refusal.self) { try ConfigName(text) }
        #expect(refusal?.exitStatus == 2)
    }

    @Test(arguments: ["PORT", "HOSTNAME", "MARTLET_APP", "CNB_APP_DIR"])
    func `what the platform sets itself is refused`(text: String) {
        #expect(throws: Refusal.reservedConfigName(text)) { try ConfigName(text) }
    }
}
