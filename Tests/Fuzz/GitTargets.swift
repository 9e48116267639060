import Dispatch
import Git
import GitWire
import Glibc

/// A pack of any bytes, with its count and checksum put right so that more than the header is looked at.
func fuzzPack(_ bytes: [UInt8]) {
    guard bytes.count > 1 else { return }
    let entries = bytes.dropFirst()
    let pack = finishedPack(count: Int(bytes[0] & 15), body: entries)
    let (whole, parts) = (receive([pack]), receive(pieces(pack)))
    require(whole.isTaken == parts.isTaken, "pieces make a difference: \(whole) \(parts)")
    _ = receive([bytes])
}

/// A delta of any bytes is taken exactly if applying it by the book works, and gives what the book says.
func fuzzDelta(_ bytes: [UInt8]) {
    let base = Array((0..<300).map { UInt8($0 & 255) })
    let baseEntry = entry(type: 3, base)
    let isOffset = bytes.count & 1 == 0
    let baseName = Array(sha1(Array("blob 300\0".utf8) + base))
    let prefix: [UInt8] = isOffset ? offset(baseEntry.count) : baseName
    let pack = finishedPack(count: 2, body: (baseEntry + entry(type: isOffset ? 6 : 7, prefix: prefix, bytes))[...])
    let expected = apply(bytes, to: base)
    guard expected.map({ $0 != base && $0.count < 1 << 20 }) ?? true else { return }
    let names = expected.map { [sha1(Array("blob \($0.count)\0".utf8) + $0)] } ?? []
    let received = receive([pack], looking: names)
    require(received.isTaken == (expected != nil), "a delta is taken that should not be, or the other way: \(received)")
    if expected != nil { require(received.found == 1, "a delta's result is another one") }
}

/// An object of any content: what is taken must be harmless.
func fuzzObjects(_ bytes: [UInt8]) {
    guard let first = bytes.first else { return }
    let type = [1, 2, 4][Int(first) % 3]
    let content = Array(bytes.dropFirst())
    let received = receive([finishedPack(count: 1, body: entry(type: UInt8(type), content)[...])])
    guard received.isTaken else { return }
    switch type {
    case 1:
        require(content.starts(with: "tree ".utf8), "a commit without tree")
        let header = content.split(separator: 0x0A, omittingEmptySubsequences: false).prefix { !$0.isEmpty }
        require(header.contains { $0.starts(with: "author ".utf8) }, "a commit without author")
        require(header.contains { $0.starts(with: "committer ".utf8) }, "a commit without committer")
    case 4: require(content.starts(with: "object ".utf8), "a tag without object")
    default: checkTree(content)
    }
}

/// A tree that was taken, read once more in another way.
private func checkTree(_ content: [UInt8]) {
    var rest = content[...]
    var seen: Set<[UInt8]> = []
    while !rest.isEmpty {
        let mode = rest.prefix { $0 != 0x20 }
        let name = Array(rest.dropFirst(mode.count + 1).prefix { $0 != 0 })
        require(rest.count >= mode.count + name.count + 22, "an entry that is cut off")
        require(mode.allSatisfy { (0x30...0x37).contains($0) } && mode.count <= 6, "a strange mode")
        let text = String(decoding: name, as: UTF8.self).lowercased()
        require(!name.isEmpty && !name.contains(UInt8(ascii: "/")), "a name that is a path")
        require(![".", "..", ".git", "git~1", ".git.", ".git "].contains(text), "a dangerous name")
        require(seen.insert(name).inserted, "a name twice")
        rest = rest.dropFirst(mode.count + name.count + 22)
    }
}

/// What became of a pack.
private struct Reception {
    var isTaken = false
    var found = 0
    var reason = ""
}

/// Sends a pack in `pieces` into a quarantine, and discards it.
private func receive(_ pieces: [[UInt8]], looking names: [[UInt8]] = []) -> Reception {
    let done = DispatchSemaphore(value: 0)
    nonisolated(unsafe) var reception = Reception()
    Task.detached {
        reception = await received(pieces, names)
        done.signal()
    }
    done.wait()
    return reception
}

private func received(_ pieces: [[UInt8]], _ names: [[UInt8]]) async -> Reception {
    var limits = PackLimits()
    (limits.packBytes, limits.objects, limits.objectBytes, limits.inflatedBytes) = (1 << 20, 1000, 1 << 20, 4 << 20)
    (limits.deltaDepth, limits.treeDepth, limits.seconds) = (50, 50, 10)
    do {
        let quarantine = try Quarantine(repository: repository, limits: limits)
        var reception = Reception()
        do {
            var isComplete = false
            for piece in pieces where !isComplete {
                if case .complete = try await quarantine.append(piece) { isComplete = true }
            }
            _ = try await quarantine.finish()
            reception.isTaken = true
            let ids = names.compactMap { ObjectID(bytes: $0) }
            for id in ids where try await quarantine.kind(of: id) == .blob { reception.found += 1 }
            _ = try await quarantine.missingObject(reachableFrom: ids)
        } catch {
            reception.reason = "\(error)"
        }
        try await quarantine.discard()
        return reception
    } catch {
        require(false, "no quarantine: \(error)")
        return Reception()
    }
}

/// An empty repository in memory.
private let repository: String = {
    var template = Array("/dev/shm/martlet-fuzz-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { fatalError("no scratch folder") }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    do { try Repository.create(at: "\(folder)/r.git", defaultBranch: "main") } catch { fatalError("\(error)") }
    return "\(folder)/r.git"
}()
