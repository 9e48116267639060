import Foundation
import TestKit
import Testing

@testable import Build

/// Control groups of version 2 as plain files, since a machine has only one version.
@Suite struct ControlGroupsTests {
    @Test func `a step's group of version 2 gets all limits, and what it wanted in excess is seen`() throws {
        let root = try Scratch()
        defer { root.remove() }
        let step = "\(root.path)/docker/buildkit/abc"
        try FileManager.default.createDirectory(atPath: step, withIntermediateDirectories: true)
        try Data().write(to: URL(filePath: "\(root.path)/cgroup.controllers"))
        for file in ["memory.max", "cpu.max", "pids.max"] { try Data().write(to: URL(filePath: "\(step)/\(file)")) }
        let groups = try #require(ControlGroups(root: root.path))
        #expect(groups.version == .two)
        var limits = BuildLimits()
        limits.memoryBytes = 1000
        limits.cpus = 1.5
        limits.processes = 7
        var seen: [String: LimitExcess.Resource?] = [:]
        let bundle = "\(root.path)/buildkit/executor/abc"
        try FileManager.default.createDirectory(atPath: bundle, withIntermediateDirectories: true)
        try Data(#"{"process": {"args": ["sh", "-c", "x"]}}"#.utf8).write(to: URL(filePath: "\(bundle)/config.json"))
        var steps = StepGroups(groups, parents: ["docker/buildkit"], limits: limits, dockerRoot: root.path) { _ in true
        }
        steps.look { seen[$0] = $1 }
        #expect(try String(contentsOfFile: "\(step)/memory.max", encoding: .utf8) == "1000")
        #expect(try String(contentsOfFile: "\(step)/cpu.max", encoding: .utf8) == "150000 100000")
        #expect(try String(contentsOfFile: "\(step)/pids.max", encoding: .utf8) == "7")
        #expect(seen.keys.elementsEqual(["sh -c x"]) && seen.values.allSatisfy { $0 == nil })
        #expect(steps.patience > 2)
        try Data("low 0\noom 1\noom_kill 1\n".utf8).write(to: URL(filePath: "\(step)/memory.events"))
        steps.look { seen[$0] = $1 }
        #expect(seen == ["sh -c x": .memory])
    }
}
