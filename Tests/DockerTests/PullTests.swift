import Testing

@testable import Docker

@Suite struct PullTests {
    @Test(arguments: [
        ("a", "a", "latest"), ("a:1", "a", "1"), ("host:5000/a/b", "host:5000/a/b", "latest"),
        ("host:5000/a:1", "host:5000/a", "1"), ("a@sha256:ab", "a", "sha256:ab"),
    ])
    func `a reference has a name and a tag`(reference: String, name: String, tag: String) {
        #expect(DockerClient.nameAndTag(reference) == (name, tag))
    }

    @Test func `what changes is told, not each byte, and a failure is one`() throws {
        func text(_ line: String) throws -> String? { try OperationProgress.text(of: Array(line.utf8), "pull") }
        #expect(try text(#"{"status":"Pull complete","progressDetail":{},"id":"a1"}"# + "\r") == "a1: Pull complete")
        #expect(try text(#"{"status":"Downloading","progressDetail":{"current":1,"total":2},"id":"4f4f"}"#) == nil)
        #expect(try text(#"{"stream":"Loaded image: a"}"#) == nil)
        #expect(throws: DockerError(operation: "pull", reason: "denied")) {
            try text(#"{"errorDetail":{"message":"denied"},"error":"denied"}"#)
        }
    }
}
