import Testing

@testable import GitWire

@Suite struct ReportStatusTests {
    private func ok(_ name: String) -> ReportStatus.Result { ReportStatus.Result(name: bytes(name), outcome: .ok) }

    @Test func `every command is answered in order`() {
        let report = ReportStatus(
            unpackError: nil,
            results: [
                ok("refs/heads/main"),
                ReportStatus.Result(name: bytes("refs/x y"), outcome: .rejected("funny refname")),
            ])
        #expect(text(report.encoded) == "000eunpack ok\n0017ok refs/heads/main\n001eng refs/x y funny refname\n0000")
        #expect(report.encoded(for: .v2) == report.encoded)
    }

    @Test func `version 2 says what was done instead`() {
        var rewrite = ReportStatus.Rewrite()
        rewrite.name = ReferenceName("refs/heads/b")
        rewrite.old = .one
        rewrite.new = .two
        rewrite.isForced = true
        let report = ReportStatus(
            unpackError: nil, results: [ReportStatus.Result(name: bytes("refs/for/b"), outcome: .ok, rewrite: rewrite)])
        let lines = [
            "unpack ok", "ok refs/for/b", "option refname refs/heads/b", "option old-oid \(ObjectID.one)",
            "option new-oid \(ObjectID.two)",
            "option forced-update",
        ]
        #expect(report.encoded(for: .v2) == lines.flatMap { packet($0 + "\n") } + flush)
        #expect(report.encoded(for: .v1) == lines.prefix(2).flatMap { packet($0 + "\n") } + flush)
    }

    @Test func `a reason is one line without control characters`() {
        let report = ReportStatus(
            unpackError: "a\nb\u{1B}",
            results: [ReportStatus.Result(name: bytes("r"), outcome: .rejected("c\n\nok refs/heads/x"))])
        #expect(report.encoded == packet("unpack a; b^[\n") + packet("ng r c; ok refs/heads/x\n") + flush)
    }

    @Test func `a name of any length and any bytes is answered`() {
        let name = [UInt8](repeating: 0xFF, count: 65_400)
        let long = String(repeating: "x", count: 500)
        let report = ReportStatus(
            unpackError: nil, results: [ReportStatus.Result(name: name, outcome: .rejected(long))]
        ).encoded
        #expect(report.dropFirst(14).prefix(4).elementsEqual(bytes("fff0")))
    }
}
