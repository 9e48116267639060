import Foundation
import GitWire

/// What a server made of a transcript.
struct Outcome: Sendable {
    let status: String
    let advertised: [String]
    /// The report's first line, without `unpack `; nil without a report.
    let unpack: String?
    /// The report's other lines.
    let results: [String]
    /// Whether the stream ended as it must.
    let isComplete: Bool
    let references: [String]
    let isSound: Bool
    let leftovers: String
    /// What people see, and all the rest that may explain a failure.
    let text: String

    init(folder: String, side: String) throws {
        func file(_ name: String) throws -> String {
            String(decoding: try Data(contentsOf: URL(filePath: "\(folder)/\(side).\(name)")), as: UTF8.self)
        }
        let output = Array(try Data(contentsOf: URL(filePath: "\(folder)/\(side).out")))
        let reply = Reply(output)
        status = try file("status").trimmingCharacters(in: .whitespacesAndNewlines)
        advertised = reply.advertised
        unpack = reply.report.first.map { String($0.dropFirst("unpack ".count)) }
        results = Array(reply.report.dropFirst())
        isComplete = reply.isComplete
        references = try file("refs").split(separator: "\n").map(String.init)
        let fsck = try file("fsck")
        isSound = fsck.hasSuffix("fsck 0\n")
        leftovers = try file("rest")
        text = reply.progress + (try file("err")) + (isSound ? "" : fsck)
    }

    /// Whether nothing was done, and it was said so.
    var isRefused: Bool {
        status == "0" && isComplete && !results.isEmpty && results.allSatisfy { $0.hasPrefix("ng ") }
    }

    /// In lines, with reasons that both may word differently taken as one.
    var summary: [String] {
        let unpacked = unpack.map { $0 == "ok" ? "unpack ok" : "unpack failed" } ?? "no report"
        return ["status \(status)", unpacked, isComplete ? "complete" : "incomplete"] + results.map(Self.canonical)
    }

    /// What git before 2.51 calls `failed to update ref`, it has told apart since, and so does Martlet.
    private static let failedToUpdate = [
        "refname conflict", "reference already exists", "reference does not exist", "incorrect old value provided",
        "invalid new value provided",
    ]

    private static func canonical(_ line: String) -> String {
        for reason in failedToUpdate where line.hasSuffix(" \(reason)") {
            return String(line.dropLast(reason.count)) + "failed to update ref"
        }
        return line
    }
}

/// A server's output taken apart.
private struct Reply {
    var advertised: [String] = []
    var report: [String] = []
    var progress = ""
    var isComplete = true

    init(_ output: [UInt8]) {
        var reader = PacketReader()
        reader.append(output)
        var data: [UInt8] = []
        var isAdvertising = true
        var hasBands = false
        var isEnded = false
        while let packet = (try? reader.next()) ?? nil {
            guard case .data(let payload) = packet else {
                if isAdvertising { isAdvertising = false } else { isEnded = true }
                continue
            }
            if isAdvertising {
                advertised.append(String(decoding: payload.prefix { $0 != 0 && $0 != 0x0A }, as: UTF8.self))
            } else if let band = payload.first, (1...3).contains(band) {
                hasBands = true
                if band == 1 { data += payload.dropFirst() } else { progress += Self.text(payload.dropFirst()) }
            } else {
                report.append(Self.text(payload[...]))
            }
        }
        if hasBands { readReport(data) }
        isComplete = (isEnded || report.isEmpty && !hasBands) && !reader.isMidPacket && !isAdvertising && isComplete
        report = report.map { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 }
    }

    private mutating func readReport(_ data: [UInt8]) {
        var inner = PacketReader()
        inner.append(data)
        var isEnded = false
        while let packet = (try? inner.next()) ?? nil {
            if case .data(let line) = packet { report.append(Self.text(line[...])) } else { isEnded = true }
        }
        isComplete = isEnded || data.isEmpty
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
