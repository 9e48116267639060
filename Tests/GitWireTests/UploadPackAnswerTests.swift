import Testing

@testable import GitWire

@Suite struct UploadPackAnswerTests {
    private let main = ReferenceName("refs/heads/main")

    @Test func `an advertisement begins with HEAD and peels tags`() throws {
        var advertisement = UploadPackAdvertisement(version: .v1, head: .one, headBranch: main, agent: "martlet/0.1")
        for name in ["refs/heads/main", "refs/martlet/x", "refs/tags/v1"] {
            let name = try #require(ReferenceName(name))
            advertisement.add(name, .one, peeled: name.isTag ? .two : nil)
        }
        let lines = text(advertisement.finish())
        let capabilities =
            "multi_ack thin-pack side-band side-band-64k ofs-delta shallow deepen-since deepen-not deepen-relative "
            + "no-progress include-tag multi_ack_detailed symref=HEAD:refs/heads/main object-format=sha1 "
            + "agent=martlet/0.1"
        #expect(
            lines
                == text(
                    packet("version 1\n") + packet("\(ObjectID.one) HEAD\0\(capabilities)\n")
                        + packet("\(ObjectID.one) refs/heads/main\n") + packet("\(ObjectID.one) refs/tags/v1\n")
                        + packet("\(ObjectID.two) refs/tags/v1^{}\n") + flush))
    }

    @Test func `an empty repository advertises its capabilities`() {
        var advertisement = UploadPackAdvertisement(version: .v0, head: nil, headBranch: main, agent: "a")
        let lines = text(advertisement.finish())
        #expect(lines.dropFirst(4).hasPrefix("\(ObjectID.zero) capabilities^{}\0multi_ack "))
        #expect(!lines.contains("symref"))
    }

    /// The answers to two haves, of which the second is ours, a flush and `done`.
    private func answers(_ mode: UploadPackRequest.Acknowledgment, isReady: Bool) async throws -> [String] {
        var acknowledgments = UploadPackAcknowledgments(mode)
        let other = try await acknowledgments.have(.one, isCommon: false) { isReady }
        let common = try await acknowledgments.have(.two, isCommon: true) { isReady }
        let first = try await acknowledgments.flush { isReady }
        _ = try await acknowledgments.have(.two, isCommon: true) { isReady }
        let second = try await acknowledgments.flush { isReady }
        return [other, common, first, second, acknowledgments.done()].map { text($0.filter { $0 != 10 }) }
    }

    @Test func `haves are answered in three ways`() async throws {
        let (one, two) = (ObjectID.one, ObjectID.two)
        #expect(try await answers(.first, isReady: true) == ["", "0031ACK \(two)", "", "", ""])
        #expect(
            try await answers(.each, isReady: true)
                == ["003aACK \(one) continue", "003aACK \(two) continue", "0008NAK", "0008NAK", "0031ACK \(two)"])
        #expect(
            try await answers(.detailed, isReady: true)
                == [
                    "0037ACK \(one) ready", "0038ACK \(two) common", "0008NAK", "0037ACK \(two) ready0008NAK",
                    "0031ACK \(two)",
                ])
        #expect(
            try await answers(.detailed, isReady: false)
                == ["", "0038ACK \(two) common", "0008NAK", "0008NAK", "0031ACK \(two)"])
    }

    @Test(arguments: [UploadPackRequest.Acknowledgment.first, .each, .detailed])
    func `a client with nothing in common gets a NAK`(_ mode: UploadPackRequest.Acknowledgment) async throws {
        var acknowledgments = UploadPackAcknowledgments(mode)
        let answer = try await acknowledgments.have(.one, isCommon: false) { false }
        #expect(answer.isEmpty)
        let nak = try await acknowledgments.flush { false }
        #expect(nak == packet("NAK\n"))
        #expect(acknowledgments.done() == packet("NAK\n"))
    }

    @Test func `the sections of version 2 end with what follows them`() {
        #expect(
            text(FetchResponse.acknowledgments(common: [], isReady: false))
                == text(packet("acknowledgments\n") + packet("NAK\n") + flush))
        #expect(
            text(FetchResponse.acknowledgments(common: [.one], isReady: true))
                == text(
                    packet("acknowledgments\n") + packet("ACK \(ObjectID.one)\n") + packet("ready\n") + bytes("0001")))
        #expect(
            text(FetchResponse.shallowInfo(shallow: [.one], unshallow: [.two]))
                == text(
                    packet("shallow-info\n") + packet("shallow \(ObjectID.one)") + packet("unshallow \(ObjectID.two)")
                        + bytes("0001")))
    }

    @Test func `a small band has packets of 1000 bytes`() {
        let packets = SideBand.encode([UInt8](repeating: 7, count: 1000), band: .data, size: .small)
        #expect(packets.count == 1010)
        #expect(text(Array(packets.prefix(5))) == "03e8\u{1}")
        #expect(text(Array(packets[1000..<1005])) == "000a\u{1}")
    }
}
