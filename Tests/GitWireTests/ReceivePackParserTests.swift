import Testing

@testable import GitWire

@Suite struct ReceivePackParserTests {
    private func parse(_ stream: [UInt8], limits: ReceivePackLimits = ReceivePackLimits()) throws
        -> ReceivePackParser.Progress
    {
        var parser = ReceivePackParser(limits: limits)
        return try parser.feed(stream)
    }

    private func request(_ stream: [UInt8]) throws -> ReceivePackRequest {
        guard case .complete(let request) = try parse(stream) else { throw WireError("not complete") }
        return request
    }

    private func command(_ old: ObjectID, _ new: ObjectID, _ rest: String) -> [UInt8] {
        packet("\(old) \(new) \(rest)")
    }

    @Test func `a recorded push is understood`() throws {
        let request = try request(Transcript.request + Transcript.pack)
        #expect(request.commands.map(\.text) == ["refs/heads/main", "refs/heads/other"])
        #expect(request.commands.allSatisfy { $0.kind == .create && $0.new == Transcript.commit && !$0.hasFunnyName })
        #expect(request.pushOptions == ["message=one", "detach"])
        #expect(request.isAtomic && request.expectsPack && request.shallow.isEmpty && request.repeatedNames.isEmpty)
        #expect(request.capabilities.reportVersion == .v2)
        #expect(request.rest == Transcript.pack)
    }

    @Test func `a recorded push cut anywhere is complete only at its end`() throws {
        let stream = Transcript.request + Transcript.pack
        for length in 0...stream.count {
            var parser = ReceivePackParser()
            let progress = try parser.feed(Array(stream[..<length]))
            guard length < Transcript.request.count else {
                #expect(progress != .needsMore)
                continue
            }
            #expect(progress == .needsMore)
            if length == 0 {
                #expect(try parser.finish() == .nothingToDo)
            } else {
                #expect(throws: WireError.hungUp) { try parser.finish() }
            }
        }
    }

    @Test(arguments: [1, 2, 3, 64, 4096]) func `the pieces make no difference`(_ size: Int) throws {
        let stream = Transcript.request + Transcript.pack
        var parser = ReceivePackParser()
        var position = 0
        var progress = ReceivePackParser.Progress.needsMore
        while progress == .needsMore, position < stream.count {
            let end = min(position + size, stream.count)
            progress = try parser.feed(Array(stream[position..<end]))
            position = end
        }
        guard case .complete(let pieces) = progress else {
            Issue.record("not complete")
            return
        }
        #expect(pieces.rest + stream[position...] == Transcript.pack)
        var whole = try request(stream)
        whole.rest = pieces.rest
        #expect(pieces == whole)
    }

    @Test func `a client without anything to push is let go`() throws {
        #expect(try parse(flush) == .nothingToDo)
        #expect(try parse(packet("shallow \(ObjectID.one)") + flush) == .nothingToDo)
        var parser = ReceivePackParser()
        #expect(try parser.finish() == .nothingToDo)
    }

    @Test func `the end of the input in the middle is an error`() throws {
        for start in [packet("shallow \(ObjectID.one)"), command(.zero, .one, "refs/heads/a"), bytes("0")] {
            var parser = ReceivePackParser()
            #expect(try parser.feed(start) == .needsMore)
            #expect(throws: WireError.hungUp) { try parser.finish() }
        }
    }

    @Test func `nothing is taken after the end`() throws {
        var parser = ReceivePackParser()
        _ = try parser.feed(Transcript.request)
        #expect(throws: WireError.self) { try parser.feed(Transcript.pack) }
    }

    @Test func `deletions bring no pack`() throws {
        let delete = command(.one, .zero, "refs/heads/a\0report-status")
        let deletion = try request(delete + flush)
        #expect(!deletion.expectsPack && deletion.commands[0].kind == .delete && deletion.pushOptions.isEmpty)
        #expect(try request(delete + command(.one, .two, "refs/heads/b") + flush).expectsPack)
        #expect(try request(command(.zero, .zero, "refs/heads/a") + flush).commands[0].kind == .delete)
    }

    @Test func `a list of push options may be empty, and an option too`() throws {
        let start = command(.zero, .one, "refs/heads/a\0push-options") + flush
        #expect(try parse(start) == .needsMore)
        #expect(try request(start + flush).pushOptions == [])
        #expect(
            try request(start + bytes("0004") + packet("a=b\n") + packet("é\u{1B}") + flush).pushOptions == [
                "", "a=b", "é\u{1B}",
            ])
        #expect(throws: WireError.self) { try parse(start + packet("a\0b")) }
    }

    @Test func `one line feed at the end of a line is dropped`() throws {
        let lines =
            packet("shallow \(ObjectID.two)\n") + command(.zero, .one, "refs/heads/a\0 report-status\n")
            + command(.zero, .one, "refs/heads/b\n\n")
        let request = try request(lines + flush)
        #expect(request.shallow == [.two])
        #expect(request.commands.map(\.rawName) == [bytes("refs/heads/a"), bytes("refs/heads/b\n")])
        #expect(request.capabilities.contains("report-status"))
        #expect(request.commands.map(\.hasFunnyName) == [false, true])
    }

    @Test func `digits may be upper case, and capabilities may be missing`() throws {
        let id = "ABCDEF0123456789abcdef0123456789ABCDEF01"
        let request = try request(packet("\(ObjectID.zero) \(id) refs/heads/a") + flush)
        #expect(request.commands[0].new.description == id.lowercased())
        #expect(request.capabilities == Capabilities())
    }

    @Test(arguments: [
        ("refs/heads/a", false), ("refs/foo", true), ("HEAD", true), ("", true), ("refs/heads/../x", true),
        ("refs/heads/a b", true),
        ("refs/heads/\u{1B}", true), ("refs/heads/-x", false),
        ("refs/heads/" + String(repeating: "x", count: 4096), true),
    ]) func `a funny name is no protocol error`(_ name: String, _ isFunny: Bool) throws {
        let command = try request(command(.zero, .one, name) + flush).commands[0]
        #expect(command.hasFunnyName == isFunny)
        #expect(command.rawName == bytes(name))
    }

    @Test func `a name of two components may be deleted`() throws {
        #expect(try !request(command(.one, .zero, "refs/foo") + flush).commands[0].hasFunnyName)
        #expect(try request(command(.one, .zero, "HEAD") + flush).commands[0].hasFunnyName)
    }

    @Test func `a name that is not UTF-8 is kept as it was sent`() throws {
        let name = bytes("refs/heads/") + [0xFF, 0xFE]
        let line = bytes("\(ObjectID.zero) \(ObjectID.one) ") + name
        let command = try request(PacketLine.data(line).encoded + flush).commands[0]
        #expect(command.rawName == name && command.name == nil && command.text == "refs/heads/\u{FFFD}\u{FFFD}")
    }

    @Test func `a name that comes twice shows`() throws {
        let twice =
            command(.zero, .one, "refs/heads/a") + command(.zero, .two, "refs/heads/a")
            + command(.zero, .two, "refs/heads/b")
        let request = try request(twice + flush)
        #expect(request.commands.count == 3)
        #expect(request.repeatedNames == [bytes("refs/heads/a")])
    }

    @Test(arguments: [
        ("hello", "protocol error: expected old/new/ref, got 'hello'"),
        ("", "protocol error: expected old/new/ref, got ''"),
        ("a\u{1B}[2J\u{7}\r\0caps", "protocol error: expected old/new/ref, got 'a^[[2J^G^M'"),
        ("shallow 123", "protocol error: expected shallow sha, got '123'"),
        ("push-cert\0 push-cert=x", "protocol error: push certificates are not supported; push without --signed"),
        (
            "\(ObjectID.one)  \(ObjectID.one) refs",
            "protocol error: expected old/new/ref, got '\(ObjectID.one)  \(ObjectID.one) refs'"
        ),
        (
            "\(ObjectID.one) \(ObjectID.one)",
            "protocol error: expected old/new/ref, got '\(ObjectID.one) \(ObjectID.one)'"
        ),
        ("\(ObjectID.one) \(ObjectID.one) refs/heads/a\0object-format=sha256", "unsupported object format 'sha256'"),
        (
            String(repeating: "x", count: 300),
            "protocol error: expected old/new/ref, got '" + String(repeating: "x", count: 200) + "…'"
        ),
    ]) func `what is no command is refused in git's words`(_ line: String, _ error: String) {
        #expect(throws: WireError(error)) { try parse(packet(line)) }
    }

    @Test func `more than the limits allow is refused`() throws {
        var limits = ReceivePackLimits()
        limits.commands = 2
        limits.pushOptions = 1
        let start = command(.zero, .one, "refs/heads/a\0push-options") + command(.zero, .one, "refs/heads/b")
        #expect(try parse(start, limits: limits) == .needsMore)
        #expect(throws: WireError("push has more than 2 commands; push fewer references at a time")) {
            try parse(start + command(.zero, .one, "refs/heads/c"), limits: limits)
        }
        #expect(throws: WireError("push has more than 1 push options")) {
            try parse(start + flush + packet("a") + packet("b"), limits: limits)
        }
        limits.bytes = start.count
        #expect(throws: Never.self) { try parse(start + flush + flush + Transcript.pack, limits: limits) }
        #expect(throws: WireError.self) { try parse(start + flush + packet("a"), limits: limits) }
    }

    @Test func `10,000 commands are a push, one more is not`() throws {
        let commands = (0..<10_000).flatMap { command(.zero, .one, "refs/heads/b\($0)") }
        #expect(try request(commands + flush).commands.count == 10_000)
        #expect(throws: WireError.self) { try parse(commands + command(.zero, .one, "refs/heads/x") + flush) }
    }

    @Test func `random damage never gets through as a crash`() {
        var generator = SeededGenerator(state: 7)
        for _ in 0..<2_000 {
            var stream = Transcript.request + Transcript.pack
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                stream[Int.random(in: 0..<stream.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            var parser = ReceivePackParser()
            _ = try? parser.feed(stream)
        }
    }
}
