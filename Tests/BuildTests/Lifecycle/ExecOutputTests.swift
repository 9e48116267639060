import Synchronization
import TestKit
import Testing

@testable import Build

@Suite struct ExecOutputTests {
    @Test(arguments: [
        ("echo one; echo two", ["one", "two"], 0), ("printf end", ["end"], 0), ("exit 7", [], 7),
        ("echo; echo a; echo; echo", ["", "a", "", ""], 0), ("echo err >&2; exit 137", ["err"], 137),
    ])
    func `what a program prints is told, and then how it ended`(script: String, lines: [String], code: Int)
        async throws
    {
        let shown = Mutex<[String]>([])
        let output = ExecOutput { line in shown.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }
        var command = output.wrapping(["sh", "-c", script])
        command[2] = command[2].replacing("exec sleep 604800", with: "exit 0")
        let bytes = Array(try await Command(command).run().output.utf8)
        let end = await #expect(throws: ExecOutput.Ended.self) {
            for byte in bytes { try await output.take([byte]) }
        }
        #expect(end?.code == code)
        #expect(shown.withLock { $0 } == lines)
    }

    @Test func `of very many empty lines only the last one waits`() async throws {
        let shown = Mutex(0)
        let output = ExecOutput { _ in shown.withLock { $0 += 1 } }
        for _ in 0..<10 { try await output.take([UInt8](repeating: UInt8(ascii: "\n"), count: 1000)) }
        #expect(shown.withLock { $0 } == 9_999)
        await output.finish()
        #expect(shown.withLock { $0 } == 10_000)
    }
}
