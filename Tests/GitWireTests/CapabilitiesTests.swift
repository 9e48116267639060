import Testing

@testable import GitWire

@Suite struct CapabilitiesTests {
    @Test(arguments: [
        " report-status quiet agent=git/2.39.5", "report-status quiet agent=git/2.39.5\n",
        "report-status  quiet agent=git/2.39.5 ",
    ])
    func `a space in front makes no difference`(_ list: String) {
        let capabilities = Capabilities(parsing: bytes(list))
        #expect(capabilities.contains("report-status"))
        #expect(capabilities.contains("quiet"))
        #expect(capabilities.agent == "git/2.39.5")
    }

    @Test func `only whole words count`() {
        let capabilities = Capabilities(parsing: bytes("report-status-v2 side-band-64k atomics"))
        #expect(!capabilities.contains("report-status"))
        #expect(!capabilities.contains("side-band"))
        #expect(!capabilities.contains("atomic"))
        #expect(capabilities.value(of: "side-band-64k") == "")
        #expect(capabilities.value(of: "object-format") == nil)
    }

    @Test func `the first value counts, and it may hold an equals sign`() {
        #expect(Capabilities(parsing: bytes("a=1=2 a=3")).value(of: "a") == "1=2")
    }

    @Test func `the newest report that is asked for is sent`() {
        #expect(Capabilities(parsing: bytes("report-status report-status-v2")).reportVersion == .v2)
        #expect(Capabilities(parsing: bytes("report-status")).reportVersion == .v1)
        #expect(Capabilities().reportVersion == nil)
    }

    @Test func `what goes into a log is printable and short`() {
        let capabilities = Capabilities(
            parsing: bytes("agent=a\u{1B}[31mé session-id=" + String(repeating: "x", count: 500)))
        #expect(capabilities.agent == "a.[31m..")
        #expect(capabilities.sessionID?.count == 128)
        #expect(Capabilities(parsing: bytes("agent=")).agent == nil)
    }

    @Test(
        arguments: [
            (nil, .v0), ("", .v0), ("version=0", .v0), ("version=1", .v1), ("version=2", .v2),
            ("version=1:version=2", .v2), ("version=2:version=1", .v2),
            ("foo:version=2:bar=baz", .v2), ("version=3", .v0), ("version=2x", .v0), ("Version=2", .v0), (":::", .v0),
        ] as [(String?, ProtocolVersion)]) func `the highest version known is used`(
            _ value: String?, _ version: ProtocolVersion
        )
    {
        #expect(ProtocolVersion(gitProtocol: value) == version)
    }
}
