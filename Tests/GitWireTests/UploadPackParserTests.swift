import Testing

@testable import GitWire

@Suite struct UploadPackParserTests {
    private static let capabilities =
        "multi_ack_detailed side-band-64k thin-pack ofs-delta include-tag no-progress deepen-relative "
        + "object-format=sha1 agent=git/2.39.5"

    /// Everything that the parser makes of `input`, given in pieces of `size` bytes.
    private func events(
        _ input: [UInt8], size: Int = .max, limits: UploadPackLimits = UploadPackLimits()
    ) throws -> [UploadPackParser.Event] {
        var parser = UploadPackParser(limits: limits)
        var events: [UploadPackParser.Event] = []
        for start in stride(from: 0, to: input.count, by: min(size, input.count)) {
            parser.append(Array(input[start..<min(input.count, start + min(size, input.count))]))
            while let event = try parser.next() { events.append(event) }
        }
        return events
    }

    /// The request in these lines.
    private func request(_ lines: String...) throws -> UploadPackRequest? {
        let events = try events(lines.flatMap(packet) + flush)
        guard case .request(let request) = events.first else { return nil }
        return request
    }

    /// What the parser says to `lines`.
    private func refusal(_ lines: String..., then rest: [UInt8] = flush) -> String {
        do {
            return "\(try events(lines.flatMap(packet) + rest))"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [1, 3, 1000]) func `a request is read from pieces of any size`(_ size: Int) throws {
        let input =
            packet("want \(ObjectID.one) \(Self.capabilities)\n") + packet("want \(ObjectID.two)\n")
            + packet("want \(ObjectID.one)\n") + packet("shallow \(ObjectID.two)") + packet("deepen 3\n") + flush
            + packet("have \(ObjectID.one)\n") + flush + packet("done\n") + packet("ignored")
        let events = try events(input, size: size)
        #expect(events.dropFirst() == [.have(.one), .flush, .done])
        guard case .request(let request) = events.first else { throw WireError("no request") }
        #expect(request.wants == [.one, .two])
        #expect(request.shallow == [.two])
        #expect(request.deepening == .depth(3, isRelative: true))
        #expect(request.acknowledgment == .detailed)
        #expect(request.sideBand == .large)
        #expect(request.isThin && request.allowsOffsetDeltas && request.includesTags && request.isQuiet)
    }

    @Test func `a client that wants nothing ends the conversation`() throws {
        #expect(try events(flush) == [.nothingToDo])
        #expect(try events(packet("shallow \(ObjectID.one)") + flush) == [.nothingToDo])
    }

    @Test func `what a client does not name it does not get`() throws {
        let request = try #require(try request("want \(ObjectID.one)"))
        #expect(request.acknowledgment == .first)
        #expect(request.sideBand == nil)
        #expect(request.deepening == nil)
        #expect(!request.isThin && !request.allowsOffsetDeltas && !request.includesTags && !request.isQuiet)
        #expect(try self.request("want \(ObjectID.one) multi_ack side-band")?.sideBand == .small)
        #expect(try self.request("want \(ObjectID.one) multi_ack side-band")?.acknowledgment == .each)
    }

    @Test func `a history is cut off by depth or by revisions`() throws {
        let want = "want \(ObjectID.one)"
        #expect(try request(want, "deepen 2147483647")?.deepening == .depth(0x7FFF_FFFF, isRelative: false))
        #expect(
            try request(want, "deepen-since 17", "deepen-not main")?.deepening
                == .revisions(since: 17, excluding: ["main"]))
        #expect(refusal(want, "deepen 1", "deepen-not main").contains("cannot be used together"))
        for bad in ["deepen 0", "deepen -1", "deepen x", "deepen 9999999999"] {
            #expect(refusal(want, bad) == "Invalid deepen: \(bad)")
        }
        #expect(refusal(want, "deepen-since x") == "Invalid deepen-since: deepen-since x")
        #expect(refusal(want, "shallow xyz") == "invalid shallow line: shallow xyz")
    }

    @Test func `what is no request is refused in git's words`() {
        #expect(
            refusal("wont \(ObjectID.one)")
                == "git upload-pack: protocol error, expected to get object ID, not 'wont \(ObjectID.one)'")
        #expect(refusal("want 1234\u{1B}[2J").hasSuffix("not 'want 1234^[[2J'"))
        #expect(refusal("want \(ObjectID.one)", "filter blob:none").contains("filtering capability not negotiated"))
        #expect(refusal("want \(ObjectID.one) object-format=sha256").contains("unsupported object format 'sha256'"))
        let want = "want \(ObjectID.one)"
        #expect(refusal(want, then: flush + packet("hove")) == "git upload-pack: expected SHA1 list, got 'hove'")
        #expect(refusal(want, then: flush + packet("have 12")) == "git upload-pack: expected SHA1 object, got '12'")
    }

    @Test func `more than the limits allow is refused`() {
        var limits = UploadPackLimits()
        limits.wants = 1
        limits.haves = 1
        let wants = packet("want \(ObjectID.one)") + packet("want \(ObjectID.two)") + flush
        #expect(throws: WireError.self) { try events(wants, limits: limits) }
        let haves = packet("have \(ObjectID.one)")
        let request = packet("want \(ObjectID.one)") + flush
        #expect(throws: WireError.self) { try events(request + haves + haves, limits: limits) }
        limits.bytes = 40
        #expect(throws: WireError.self) { try events(request, limits: limits) }
    }
}
