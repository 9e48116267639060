import Testing

@testable import Deploy

@Suite struct AddressPoolTests {
    @Test func `the first subnet that overlaps nothing is free`() throws {
        let pool = try #require(AddressPool("10.200.0.0/24"))
        #expect(pool.firstFree(taken: []) == "10.200.0.0/28")
        #expect(pool.firstFree(taken: ["10.200.0.0/28", "10.200.0.32/28", "172.17.0.0/16"]) == "10.200.0.16/28")
        #expect(pool.firstFree(taken: ["10.200.0.0/27"]) == "10.200.0.32/28")
        #expect(pool.firstFree(taken: ["10.200.0.40/32", "10.200.0.0/27"]) == "10.200.0.48/28")
        #expect(pool.firstFree(taken: ["10.0.0.0/8"]) == nil)
        #expect(pool.description == "10.200.0.0/24")
    }

    @Test(arguments: [
        ("10.200.0.0/14", "10.200.1.0/24"), ("10.200.0.0/16", "10.200.1.0/24"), ("10.200.0.0/18", "10.200.0.64/26"),
        ("10.200.0.0/20", "10.200.0.16/28"), ("10.200.0.0/27", "10.200.0.16/28"),
    ])
    func `a pool is cut into 256, of 16 to 256 addresses each`(pool: String, second: String) throws {
        #expect(try #require(AddressPool(pool)).firstFree(taken: ["10.200.0.0/32"]) == second)
    }

    @Test(arguments: [
        "", "10.0.0.0", "10.0.0.0/29", "10.0.0.0/7", "10.0.0.1/24", "10.0.0/24", "10.0.0.256/24", "::/28", "x/16",
    ])
    func `what is no range of at least 16 addresses is refused`(text: String) {
        #expect(AddressPool(text) == nil)
    }
}
