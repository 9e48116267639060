import Foundation
import TestKit

@testable import Build

/// The exported tree of a commit, made for one test.
struct TreeOfFiles {
    let path: String

    /// Runs `body` with a tree of `files`; a file whose text begins with `->` is a symbolic link to the rest of it.
    static func with<Value>(_ files: [String: String], _ body: (TreeOfFiles) throws -> Value) throws -> Value {
        let folder = try Scratch()
        defer { folder.remove() }
        for (name, text) in files {
            try folder.write(name, text)
            guard text.hasPrefix("->") else { continue }
            let file = "\(folder.path)/\(name)"
            try FileManager.default.removeItem(atPath: file)
            try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: String(text.dropFirst(2)))
        }
        return try body(TreeOfFiles(path: folder.path))
    }

    /// The plan for a tree of `files`.
    static func plan(_ files: [String: String], settings: String? = nil) throws -> BuildPlan {
        try with(files) { try BuildPlan.read(from: $0.path, settings: settings) }
    }

    /// What a tree of `files` is refused with; what it is planned as, when it is not.
    static func refusal(_ files: [String: String], settings: String? = nil) throws -> String {
        do {
            return "\(try plan(files, settings: settings))"
        } catch let error as BuildError {
            return error.description
        }
    }
}
