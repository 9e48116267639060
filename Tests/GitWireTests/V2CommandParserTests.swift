import Testing

@testable import GitWire

@Suite struct V2CommandParserTests {
    private let delimiter = bytes("0001")
    private let capabilities = packet("agent=git/2.39.5") + packet("object-format=sha1\n") + packet("server-option=x")

    private func commands(_ input: [UInt8], size: Int = .max) throws -> [V2CommandParser.Command] {
        var parser = V2CommandParser()
        var commands: [V2CommandParser.Command] = []
        let size = min(size, input.count)
        for start in stride(from: 0, to: input.count, by: size) {
            parser.append(Array(input[start..<min(input.count, start + size)]))
            while let command = try parser.next() { commands.append(command) }
        }
        return commands
    }

    private func refusal(_ input: [UInt8]) -> String {
        do {
            return "\(try commands(input))"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [1, 1000]) func `commands follow each other`(_ size: Int) throws {
        let list =
            packet("command=ls-refs\n") + capabilities + delimiter + packet("peel\n") + packet("symrefs")
            + packet("unborn") + packet("ref-prefix refs/heads/\n") + flush
        let fetch =
            packet("command=fetch") + delimiter + packet("thin-pack") + packet("ofs-delta") + packet("include-tag")
            + packet("no-progress") + packet("wait-for-done") + packet("deepen-relative") + packet("deepen 2")
            + packet("shallow \(ObjectID.two)") + packet("want \(ObjectID.one)") + packet("have \(ObjectID.two)")
            + packet("done\n") + flush
        let commands = try commands(list + fetch + packet("command=fetch") + flush + flush, size: size)
        guard commands.count == 4, case .lsRefs(let lsRefs) = commands[0], case .fetch(let request) = commands[1]
        else { throw WireError("\(commands)") }
        #expect(lsRefs.peels && lsRefs.showsSymbolicTargets && lsRefs.showsUnborn && !lsRefs.wantsAll)
        #expect(request.isThin && request.allowsOffsetDeltas && request.includesTags && request.isQuiet)
        #expect(request.waitsForDone && request.isDone && request.sideBand == .large)
        #expect(request.wants == [.one] && request.haves == [.two] && request.shallow == [.two])
        #expect(request.deepening == .depth(2, isRelative: true))
        guard case .fetch(let empty) = commands[2] else { throw WireError("\(commands[2])") }
        #expect(empty.wants.isEmpty && !empty.isDone)
        #expect(commands[3] == .end)
    }

    @Test func `the end of the input is fine between commands only`() throws {
        var parser = V2CommandParser()
        #expect(try parser.finish() == .end)
        parser.append(packet("command=ls-refs"))
        #expect(try parser.next() == nil)
        #expect(throws: WireError.hungUp) { try parser.finish() }
    }

    @Test func `what is no command is refused in git's words`() {
        #expect(refusal(packet("commando")) == "unknown capability 'commando'")
        #expect(refusal(packet("fetch")) == "unknown capability 'fetch'")
        #expect(refusal(packet("command=push")) == "invalid command 'push'")
        #expect(
            refusal(packet("command=fetch") + packet("command=ls-refs"))
                == "command 'ls-refs' requested after already requesting command 'fetch'")
        #expect(refusal(packet("agent=x") + flush) == "no command requested")
        #expect(refusal(delimiter) == "no command requested")
        #expect(refusal(packet("object-format")) == "object-format capability requires an argument")
        #expect(refusal(packet("object-format=md5")) == "unknown object format 'md5'")
        #expect(refusal(packet("object-format=sha256")) == "mismatched object format: server sha1; client sha256")
    }

    @Test func `arguments end with a flush`() {
        let list = packet("command=ls-refs") + delimiter
        #expect(refusal(list + delimiter) == "expected flush after ls-refs arguments")
        #expect(refusal(packet("command=fetch") + delimiter + bytes("0002")) == "expected flush after fetch arguments")
        #expect(refusal(list + packet("ref-suffix x")) == "unexpected line: 'ref-suffix x'")
        #expect(
            refusal(packet("command=fetch") + delimiter + packet("filter blob:none"))
                == "unexpected line: 'filter blob:none'")
    }
}
