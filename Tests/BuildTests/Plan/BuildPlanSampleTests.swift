import Foundation
import Platform
import Testing

@testable import Build

/// `etc/martlet.yaml`, the documentation of the file.
@Suite struct BuildPlanSampleTests {
    private static let text = try? String(
        contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../etc/martlet.yaml")
            .standardizedFileURL, encoding: .utf8)

    @Test func `the sample is valid`() throws {
        let sample = try #require(Self.text)
        let plan = try SourceTree.plan(["martlet.yaml": sample, "services/api/app.py": ""])
        guard case .command(let command) = plan.method else { throw BuildError("it is no command build") }
        #expect(command.commands.count == 2)
        #expect(command.start == "gunicorn -b 0.0.0.0:$PORT app:app")
        #expect(plan.processes.map(\.type) == ["worker", "release"])
        #expect(plan.remarks == [])
    }

    @Test func `so is each block that is commented out`() throws {
        let sample = try #require(Self.text)
        let blocks = sample.split(separator: "\n\n").compactMap { paragraph -> String? in
            let lines = paragraph.split(separator: "\n").filter {
                $0.hasPrefix("#") && !$0.hasPrefix("# ") || $0.hasPrefix("#  ")
            }
            return lines.first != "#build:" ? nil : lines.map { $0.dropFirst() }.joined(separator: "\n")
        }
        #expect(blocks.count == 3)
        for block in blocks {
            let plan = try SourceTree.plan(["martlet.yaml": block, "services/api/docker/Dockerfile": ""])
            #expect(plan.remarks == [])
        }
    }

    @Test func `every key is in the sample`() throws {
        let sample = try #require(Self.text)
        let keys = MartletFile.keys + BuildBlock.common + BuildBlock.methods.flatMap(\.keys) + ["folder", "spa"]
        for key in keys where key != "include" { #expect(sample.contains("\(key):"), "'\(key)' is missing") }
        #expect(sample.contains("'include'"))
    }
}
