import Testing

@testable import Docker

@Suite struct StreamFramesTests {
    private let bytes: [UInt8] =
        [1, 0, 0, 0, 0, 0, 0, 3] + Array("abc".utf8) + [2, 0, 0, 0, 0, 0, 0, 0] + [2, 0, 0, 0, 0, 0, 0, 2]
        + Array("de".utf8)

    @Test(arguments: 1...20)
    func `the two streams are told apart, wherever what comes is cut`(size: Int) {
        var frames = StreamFrames()
        var streams: [ContainerLogLine.Stream: String] = [:]
        for start in stride(from: 0, to: bytes.count, by: size) {
            for piece in frames.append(Array(bytes[start..<min(start + size, bytes.count)])) {
                streams[piece.stream, default: ""] += String(decoding: piece.bytes, as: UTF8.self)
            }
        }
        #expect(streams == [.output: "abc", .error: "de"])
    }
}
