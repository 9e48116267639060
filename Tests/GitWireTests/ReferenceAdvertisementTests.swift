import Testing

@testable import GitWire

@Suite struct ReferenceAdvertisementTests {
    private static let capabilities =
        "report-status report-status-v2 delete-refs quiet atomic ofs-delta side-band-64k push-options "
        + "object-format=sha1 agent=martlet/0.1 no-thin"

    private func reference(_ name: String, _ target: ObjectID) throws -> (ReferenceName, ObjectID) {
        (try #require(ReferenceName(name)), target)
    }

    @Test func `references come in the order of their bytes, capabilities with the first`() throws {
        let advertisement = ReferenceAdvertisement(
            references: [
                try reference("refs/tags/v1", .two), try reference("refs/heads/a/b", .one),
                try reference("refs/heads/a-b", .two),
                try reference("refs/martlet/releases/v1", .one),
            ], agent: "martlet/0.1")
        let expected =
            packet("\(ObjectID.two) refs/heads/a-b\0\(Self.capabilities)\n")
            + packet("\(ObjectID.one) refs/heads/a/b\n")
            + packet("\(ObjectID.two) refs/tags/v1\n") + flush
        #expect(text(advertisement.encoded(for: .v0)) == text(expected))
        #expect(advertisement.encoded(for: .v2) == expected)
        #expect(text(advertisement.encoded(for: .v1)) == "000eversion 1\n" + text(expected))
    }

    @Test func `an empty repository still tells its capabilities`() throws {
        let expected = packet("\(ObjectID.zero) capabilities^{}\0\(Self.capabilities)\n") + flush
        #expect(ReferenceAdvertisement(references: [], agent: "martlet/0.1").encoded(for: .v0) == expected)
        let hidden = [try reference("refs/martlet/builds/1", .one)]
        #expect(ReferenceAdvertisement(references: hidden, agent: "martlet/0.1").encoded(for: .v0) == expected)
    }
}
