import Git
import GitWire
import Testing

/// What became of a fetch from the client's repository, which plays the server here.
struct PackStreamFetch {
    /// The pack as it was sent.
    let pack: [UInt8]
    /// The objects in it.
    let sent: Set<String>

    /// The number of objects that the pack's header announces.
    static func count(_ pack: [UInt8]) -> Int { pack[8..<12].reduce(0) { $0 << 8 | Int($1) } }
}

extension Scratch {
    /// The pack that answers `request`.
    func answer(_ request: FetchRequest, from repository: String? = nil) async throws -> [UInt8] {
        let source = PackSource(repository: repository ?? "\(client)/.git")
        let count = try await source.prepare(request)
        var pack: [UInt8] = []
        while true {
            let piece = try await source.next()
            if piece.isEmpty { break }
            #expect(piece.count <= 300 << 10)
            pack += piece
        }
        #expect(PackStreamFetch.count(pack) == count)
        return pack
    }

    /// Fetches into a repository that has precisely what `request.common` reaches; has git check the pack and the
    /// result.
    @discardableResult
    func fetch(_ request: FetchRequest) async throws -> PackStreamFetch {
        let pack = try await answer(request)
        let list = request.common.map { "\($0)\n" }.joined()
        _ = try await shell(
            """
            rm -rf peer.git; git init -q --bare peer.git
            git -C client pack-objects -q --revs --stdout | git -C peer.git index-pack --stdin > /dev/null
            """, in: path, input: Array(list.utf8))
        return try await store(pack, in: "peer.git", tips: request.wants)
    }

    /// Has git store `pack` in the repository `peer`, which must be sound with references to `tips` afterwards.
    func store(_ pack: [UInt8], in peer: String, tips: [ObjectID]) async throws -> PackStreamFetch {
        let count = PackStreamFetch.count(pack)
        let updates = tips.enumerated().map { "git update-ref refs/want/\($0) \($1)" }.joined(separator: "\n")
        // With the bases that complete a thin pack at its end, what was sent is what comes first.
        let list = try await shell(
            """
            cd \(peer)
            name=$(git index-pack --strict --fix-thin --stdin | cut -f2)
            \(updates)
            git fsck --full --strict --no-dangling >&2
            git show-index < "$(git rev-parse --git-dir)/objects/pack/pack-$name.idx" | sort -n | head -n \(count)
            """, in: path, input: pack
        ).text
        let sent = Set(list.split(separator: "\n").map { String($0.split(separator: " ")[1]) })
        #expect(sent.count == count)
        return PackStreamFetch(pack: pack, sent: sent)
    }

    /// The objects that `git rev-list --objects` finds.
    func reached(_ arguments: String) async throws -> Set<String> {
        let list = try await client("git rev-list --objects --no-object-names \(arguments)")
        return Set(list.split(separator: "\n").map(String.init))
    }

    /// Fetches `wants` into a repository that has `common`, in each way a pack can be made; expects what is needed, and
    /// no more than git itself would send.
    func expectFetch(
        _ wants: [ObjectID], _ common: [ObjectID], exactly: Bool = false,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        var request = FetchRequest()
        (request.wants, request.common) = (wants, common)
        let (all, have) = (Self.list(wants), Self.list(common))
        let needed = try await reached(all).subtracting(common.isEmpty ? [] : reached(have))
        let usual = try await reached("\(all) --not \(have)")
        for (offsets, thin) in [(true, true), (false, false)] {
            (request.allowsOffsetDeltas, request.isThin) = (offsets, thin)
            let sent = try await fetch(request).sent
            #expect(needed.isSubset(of: sent), sourceLocation: sourceLocation)
            #expect(sent.isSubset(of: usual), sourceLocation: sourceLocation)
            if exactly { #expect(sent == needed, sourceLocation: sourceLocation) }
        }
    }

    private static func list(_ ids: [ObjectID]) -> String { ids.map(\.description).joined(separator: " ") }
}
