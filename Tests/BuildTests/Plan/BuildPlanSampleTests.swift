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
        let plan = try TreeOfFiles.plan(["martlet.yaml": sample, "services/api/app.py": ""])
        guard case .command(let command) = plan.method else { throw BuildError("it is no command build") }
        #expect(command.commands.count == 2)
        #expect(command.start == "gunicorn -b 0.0.0.0:$PORT app:app")
        #expect(plan.processes.map(\.type) == ["web", "worker", "clock", "release"])
        #expect(plan.processes[0].checks?.startup?.deadline == 120)
        #expect(plan.processes[0].command == nil)
        #expect(plan.migration?.isCompatible == false)
        #expect(plan.variables.map(\.name) == ["LOG_LEVEL", "DATABASE_URL", "WORKERS", "SECRET_KEY"])
        #expect(plan.routing?.hstsSeconds == 31_536_000)
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
            let plan = try TreeOfFiles.plan(["martlet.yaml": block, "services/api/docker/Dockerfile": ""])
            #expect(plan.remarks == [])
        }
    }

    @Test func `every key is in the sample`() throws {
        let sample = try #require(Self.text)
        let blocks = [
            MartletFile.keys, BuildBlock.common, BuildBlock.methods.flatMap(\.keys), ["folder", "spa"],
            ProcessBlock.keys,
            HealthBlock.uses, ProbeBlock.keys, MigrateBlock.keys, VariablesBlock.keys, RoutingBlock.keys,
        ]
        let keys = blocks.flatMap { $0 }
        for key in keys where key != "include" { #expect(sample.contains("\(key):"), "'\(key)' is missing") }
        #expect(sample.contains("'include'"))
    }
}
