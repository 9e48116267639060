import Testing

@testable import GitWire

@Suite struct LsRefsTests {
    private func request(_ lines: [String]) throws -> LsRefsRequest {
        var request = LsRefsRequest()
        for line in lines { try request.take(bytes(line)[...]) }
        return request
    }

    /// The answer to `lines` of a repository with a branch, a symbolic reference, a tag and a hidden reference.
    private func answer(_ lines: String..., head: ObjectID? = .one) throws -> String {
        var response = LsRefsResponse(to: try request(lines))
        let main = ReferenceName("refs/heads/main")
        response.addHead(head, branch: main)
        for name in ["refs/heads/alias", "refs/heads/main", "refs/martlet/x", "refs/tags/v1"] {
            let name = try #require(ReferenceName(name))
            response.add(
                name, .one, symbolicTarget: name.text.hasSuffix("alias") ? main : nil,
                peeled: name.isTag ? .two : nil)
        }
        return text(response.finish())
    }

    @Test func `a client gets names, and what else it asked for`() throws {
        #expect(
            try answer()
                == text(
                    ["HEAD", "refs/heads/alias", "refs/heads/main", "refs/tags/v1"].flatMap {
                        packet("\(ObjectID.one) \($0)\n")
                    } + flush))
        let full = try answer("symrefs", "peel")
        #expect(full.contains("\(ObjectID.one) HEAD symref-target:refs/heads/main\n"))
        #expect(full.contains(" refs/heads/alias symref-target:refs/heads/main\n"))
        #expect(full.contains(" refs/tags/v1 peeled:\(ObjectID.two)\n"))
        #expect(!full.contains("martlet"))
    }

    @Test func `prefixes choose among names, but never the hidden ones`() throws {
        #expect(try answer("ref-prefix refs/heads/m") == text(packet("\(ObjectID.one) refs/heads/main\n") + flush))
        #expect(try answer("ref-prefix refs/martlet/") == "0000")
        #expect(try answer("ref-prefix HEAD", "ref-prefix refs/none") == text(packet("\(ObjectID.one) HEAD\n") + flush))
        let nested = try answer("ref-prefix refs/", "ref-prefix refs/heads/zzz", "ref-prefix refs/heads/alias/below")
        #expect(nested.contains("refs/heads/alias") && nested.contains("refs/tags/v1") && !nested.contains("HEAD"))
    }

    @Test func `too many prefixes are none`() throws {
        var request = LsRefsRequest()
        for number in 0..<70_000 { try request.take(bytes("ref-prefix \(number)")[...]) }
        #expect(request.wantsAll)
        #expect(request.prefixes.count == LsRefsRequest.tooManyPrefixes)
    }

    @Test func `an unborn branch is told to those who ask`() throws {
        let unborn = text(packet("unborn HEAD symref-target:refs/heads/main\n"))
        #expect(try answer("symrefs", "unborn", head: nil).hasPrefix(unborn))
        #expect(try !answer("symrefs", head: nil).contains("HEAD"))
        #expect(try !answer("unborn", head: nil).contains("HEAD"))
    }
}
