import Testing

@testable import Docker

@Suite struct LogLinesTests {
    @Test func `messages are taken apart wherever they are cut`() {
        let bytes = frame(1, "T1 one\n") + frame(2, "T2 \n") + frame(1, "T3 two words\n")
        for size in 1...bytes.count {
            var messages = LogMessages()
            var found: [LogMessage] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                found += messages.append(Array(bytes[start..<min(start + size, bytes.count)]))
            }
            #expect(
                found == [
                    message(.output, "T1", "one\n"), message(.error, "T2", "\n"), message(.output, "T3", "two words\n"),
                ])
        }
    }

    @Test func `a long line is put together, each stream's by itself, and what never ends is cut`() {
        var lines = LogLines()
        #expect(lines.append(message(.output, "1", "a")) == nil)
        #expect(lines.append(message(.error, "2", "x\n")) == ContainerLogLine(stream: .error, text: "x"))
        #expect(lines.append(message(.output, "3", "b\n")) == ContainerLogLine(stream: .output, text: "ab"))
        #expect(lines.append(message(.output, "4", "rest")) == nil)
        #expect(lines.last == message(.output, "4", "rest"))
        #expect(lines.finish() == [ContainerLogLine(stream: .output, text: "rest")])
        #expect(lines.finish().isEmpty)
        let long = String(repeating: "y", count: LogLines.longest)
        #expect(lines.append(message(.output, "5", long))?.text == long)
    }

    private func message(_ stream: ContainerLogLine.Stream, _ time: String, _ text: String) -> LogMessage {
        LogMessage(stream: stream, time: Array(time.utf8), bytes: Array(text.utf8))
    }

    private func frame(_ stream: UInt8, _ text: String) -> [UInt8] {
        [stream, 0, 0, 0, 0, 0, 0, UInt8(text.utf8.count)] + Array(text.utf8)
    }
}
