import Testing

@testable import GitWire

@Suite struct PacketTests {
    /// All packets in `stream`, fed in pieces of `size` bytes.
    private func packets(in stream: [UInt8], size: Int, allowsVersion2: Bool = false) throws -> [PacketLine] {
        var reader = PacketReader(allowsVersion2: allowsVersion2)
        var packets: [PacketLine] = []
        for start in stride(from: 0, to: stream.count, by: size) {
            reader.append(Array(stream[start..<min(start + size, stream.count)]))
            while let packet = try reader.next() { packets.append(packet) }
        }
        #expect(!reader.isMidPacket)
        return packets
    }

    @Test(arguments: [1, 2, 3, 5, 7, 1000, 1 << 20]) func `packets come out whole whatever the pieces`(_ size: Int)
        throws
    {
        let long = [UInt8](repeating: 7, count: 65516)
        let stream =
            bytes("0005a00040009hello0000") + bytes("fff0") + long + bytes("FFF0") + long + bytes("000Babcdefg")
        #expect(
            try packets(in: stream, size: size) == [
                .data([97]), .data([]), .data(bytes("hello")), .flush, .data(long), .data(long),
                .data(bytes("abcdefg")),
            ])
    }

    @Test(arguments: ["0001", "0002", "0003", "fff1", "fffe", "FFFF", "00g0", "PACK", "-001", " 004", "GET "])
    func `a length that is none is refused`(_ header: String) {
        var reader = PacketReader()
        reader.append(bytes("0004" + header))
        #expect(throws: Never.self) { try reader.next() }
        #expect(throws: WireError.self) { try reader.next() }
        #expect(throws: WireError.self) { try reader.next() }
    }

    @Test func `an error shows the bytes harmlessly`() {
        var reader = PacketReader()
        reader.append([0x1B, 0x5B, 0x41, 0xFF])
        #expect(throws: WireError("protocol error: bad line length character: '^[[A\u{FFFD}'")) { try reader.next() }
    }

    @Test func `version 2 has delimiters`() throws {
        #expect(
            try packets(in: bytes("000100020000"), size: 1, allowsVersion2: true) == [.delimiter, .responseEnd, .flush])
        #expect(throws: WireError.self) { try packets(in: bytes("0003"), size: 1, allowsVersion2: true) }
    }

    @Test func `the end within a packet shows`() throws {
        let stream = packet("hello")
        for length in stream.indices.dropFirst() {
            var reader = PacketReader()
            reader.append(Array(stream[..<length]))
            #expect(try reader.next() == nil)
            #expect(reader.isMidPacket)
        }
    }

    @Test func `the rest is handed over once`() throws {
        var reader = PacketReader()
        reader.append(bytes("0005a0000PACKdata"))
        #expect(try reader.next() == .data([97]))
        #expect(try reader.next() == .flush)
        #expect(reader.takeRest() == bytes("PACKdata"))
        #expect(reader.takeRest() == [])
        #expect(!reader.isMidPacket)
    }

    @Test(.timeLimit(.minutes(1))) func `time grows with the bytes, not with their square`() throws {
        var huge = PacketReader()
        huge.append([UInt8](repeating: UInt8(ascii: "0"), count: 4 << 20))
        var count = 0
        while try huge.next() != nil { count += 1 }
        #expect(count == 1 << 20)
        var drop = PacketReader()
        for byte in bytes("fff0") + [UInt8](repeating: 0, count: 65515) {
            drop.append([byte])
            #expect(try drop.next() == nil)
        }
        drop.append([0])
        #expect(try drop.next() != nil)
    }

    @Test func `a writer puts lengths in front`() {
        var writer = PacketWriter()
        writer.line("unpack ok")
        writer.data(bytes("x"))
        writer.data([])
        writer.flush()
        #expect(text(writer.bytes) == "000eunpack ok\n0005x00040000")
    }

    @Test func `a line that is too long is cut, data is not`() throws {
        let long = [UInt8](repeating: 97, count: 70_000)
        var writer = PacketWriter()
        writer.line(long)
        #expect(writer.bytes.count == 65520)
        #expect(writer.bytes.prefix(4).elementsEqual(bytes("fff0")))
        #expect(writer.bytes.last == 10)
        #expect(
            try packets(in: PacketLine.data(long).encoded, size: 1 << 20)
                == [.data(Array(long.prefix(65516))), .data(Array(long.dropFirst(65516)))])
    }

    @Test func `an error packet ends with a line feed`() {
        #expect(text(PacketLine.error("no app 'x'").encoded) == "0013ERR no app 'x'\n")
        #expect(PacketLine.error(String(repeating: "x", count: 70_000)).encoded.count == 65520)
    }

    @Test func `bands are told apart by their first byte`() {
        #expect(text(SideBand.encode(bytes("hi\n"), band: .progress)) == "0008\u{2}hi\n")
        #expect(text(SideBand.encode(bytes("x"), band: .data)) == "0006\u{1}x")
        #expect(text(SideBand.encode(bytes("x"), band: .error)) == "0006\u{3}x")
        #expect(SideBand.encode([], band: .data) == [])
        #expect(SideBand.keepalive == bytes("0005") + [1])
    }

    @Test func `a band goes into as many packets as it needs`() throws {
        let long = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
        let packets = try packets(in: SideBand.encode(long, band: .data), size: 1 << 20)
        #expect(packets.count == 4)
        var joined: [UInt8] = []
        for case .data(let payload) in packets {
            #expect(payload.first == 1)
            joined += payload.dropFirst()
        }
        #expect(joined == long)
    }
}
