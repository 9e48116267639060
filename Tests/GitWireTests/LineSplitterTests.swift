import Testing

@testable import GitWire

@Suite struct LineSplitterTests {
    private func lines(_ input: [UInt8], size: Int, maximumLength: Int = 10_000) -> [String] {
        var splitter = LineSplitter(maximumLength: maximumLength)
        var lines: [[UInt8]] = []
        for start in stride(from: 0, to: input.count, by: size) {
            lines += splitter.append(Array(input[start..<min(start + size, input.count)]))
        }
        return (lines + splitter.finish()).map(text)
    }

    @Test(arguments: [1, 2, 3, 100]) func `lines come out whole whatever the pieces`(_ size: Int) {
        #expect(lines(bytes("a\n\nbc\r\nlast"), size: size) == ["a", "", "bc\r", "last"])
        #expect(lines(bytes("a\n"), size: size) == ["a"])
        #expect(lines([], size: size) == [])
    }

    @Test(arguments: [1, 3, 7, 100]) func `a long line comes in pieces`(_ size: Int) {
        #expect(lines(bytes("0123456789\n"), size: size, maximumLength: 10) == ["0123456789"])
        #expect(lines(bytes("0123456789a\nb"), size: size, maximumLength: 10) == ["0123456789", "a", "b"])
        #expect(lines(bytes("0123456é8\n"), size: size, maximumLength: 8) == ["0123456", "é8"])
        #expect(lines(bytes("01234🦅🦅\n"), size: size, maximumLength: 8) == ["01234", "🦅🦅"])
    }

    @Test func `stray continuation bytes do not stop it`() {
        let stray = [UInt8](repeating: 0x80, count: 25)
        var splitter = LineSplitter(maximumLength: 10)
        #expect(splitter.append(stray).map(\.count) == [10, 10])
        #expect(splitter.finish().map(\.count) == [5])
        #expect(splitter.finish().isEmpty)
    }

    @Test(.timeLimit(.minutes(1))) func `a stream without line feeds takes time in proportion`() {
        var splitter = LineSplitter()
        let pieces = splitter.append([UInt8](repeating: 97, count: 8 << 20))
        #expect(pieces.count == (8 << 20) / 10_000)
    }
}
