import Testing

@testable import GitWire

@Suite struct ObjectIDTests {
    @Test func `digits of either case are read, lower case is written`() throws {
        let id = try #require(ObjectID("ABCDEF0123456789abcdef0123456789ABCDEF01"))
        #expect(id.description == "abcdef0123456789abcdef0123456789abcdef01")
        #expect(id.short == "abcdef0")
        #expect(id.bytes.prefix(3) == [0xAB, 0xCD, 0xEF])
        #expect(ObjectID(bytes: id.bytes) == id)
        #expect(!id.isZero && ObjectID.zero.isZero)
        #expect(ObjectID.one < ObjectID.two)
    }

    @Test(arguments: [
        "", "0", String(repeating: "0", count: 39), String(repeating: "0", count: 41),
        String(repeating: "g", count: 40),
    ])
    func `anything but 40 digits is refused`(_ text: String) {
        #expect(ObjectID(text) == nil)
    }

    @Test func `anything but 20 bytes is refused`() {
        #expect(ObjectID(bytes: [UInt8](repeating: 0, count: 19)) == nil)
        #expect(ObjectID(bytes: [UInt8](repeating: 0, count: 32)) == nil)
    }
}
