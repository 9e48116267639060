import GitWire

/// Packets come out the same in whatever pieces they go in, and as they were written.
func fuzzPackets(_ bytes: [UInt8]) {
    let isVersion2 = bytes.first == UInt8(ascii: "2")
    let whole = packets(in: [bytes], isVersion2)
    require(whole == packets(in: pieces(bytes), isVersion2), "pieces make a difference")
    let written = whole.packets.flatMap(\.encoded)
    require(written.count <= bytes.count, "more came out than went in")
    require(
        String(decoding: written, as: UTF8.self).lowercased()
            == String(decoding: bytes.prefix(written.count), as: UTF8.self).lowercased(), "a packet changed")
}

private struct Packets: Equatable {
    var packets: [PacketLine] = []
    var error: String?
}

private func packets(in pieces: [[UInt8]], _ isVersion2: Bool) -> Packets {
    var reader = PacketReader(allowsVersion2: isVersion2)
    var found = Packets()
    for piece in pieces {
        reader.append(piece)
        do throws(WireError) {
            while let packet = try reader.next() { found.packets.append(packet) }
        } catch {
            found.error = error.description
            return found
        }
    }
    return found
}

/// A request is the same in whatever pieces it comes, and keeps within its limits.
func fuzzPushRequest(_ bytes: [UInt8]) {
    let whole = request(in: [bytes])
    require(whole == request(in: pieces(bytes)), "pieces make a difference")
    guard case .success(let found?) = whole else { return }
    let request = found.request
    require(!request.commands.isEmpty && request.commands.count <= limits.commands, "too many commands or none")
    require(request.pushOptions.count <= limits.pushOptions, "too many options")
    for command in request.commands {
        require(!command.rawName.contains(0), "NUL in a name")
        if let name = command.name { require(Array(name.text.utf8) == command.rawName, "a name changed") }
        require(isVisible(command.text), "a command's text could steer a terminal")
    }
    for text in [request.capabilities.agent, request.capabilities.sessionID] {
        if let text { require(isVisible(text) && text.utf8.count <= 128, "an agent could steer a terminal") }
    }
}

private let limits: ReceivePackLimits = {
    var limits = ReceivePackLimits()
    limits.commands = 20
    limits.pushOptions = 5
    limits.bytes = 4096
    return limits
}()

/// A request, and all that came after it.
private struct Request: Equatable {
    let request: ReceivePackRequest
    let rest: [UInt8]

    static func == (one: Request, other: Request) -> Bool {
        let (first, second) = (one.request, other.request)
        return first.commands == second.commands && first.capabilities == second.capabilities
            && first.pushOptions == second.pushOptions && first.shallow == second.shallow && one.rest == other.rest
    }
}

private func request(in pieces: [[UInt8]]) -> Result<Request?, WireError> {
    var parser = ReceivePackParser(limits: limits)
    do throws(WireError) {
        for (index, piece) in pieces.enumerated() {
            switch try parser.feed(piece) {
            case .needsMore: continue
            case .nothingToDo: return .success(nil)
            case .complete(let request):
                return .success(Request(request: request, rest: request.rest + pieces[(index + 1)...].joined()))
            }
        }
        _ = try parser.finish()
        return .success(nil)
    } catch {
        require(isVisible(error.description), "an error could steer a terminal")
        return .failure(error)
    }
}

/// A command line's words are bytes of the line; quoting them gives them back.
func fuzzExecCommand(_ bytes: [UInt8]) {
    do throws(WireError) {
        switch try ExecCommand(String(decoding: bytes, as: UTF8.self)) {
        case .receivePack(let path), .uploadPack(let path):
            if let name = ExecCommand.appName(fromPath: path) {
                require(
                    !name.isEmpty && !name.utf8.contains(UInt8(ascii: "/")) && name != ".." && name != ".",
                    "a path escapes")
            }
        case .unsupportedGit(let name): require(isVisible(name), "a name could steer a terminal")
        case .command(let words):
            require(!words.isEmpty, "a command without words")
            let line = words.map { "'" + $0.replacing("'", with: "'\\''") + "'" }.joined(separator: " ")
            guard case .command(let again)? = try? ExecCommand(line) else { return }
            require(again.map { Array($0.utf8) } == words.map { Array($0.utf8) }, "quoting changed words")
        }
    } catch {
        require(isVisible(error.description), "an error could steer a terminal")
    }
}

/// Names are judged by git's rules, stated here once more in another way, and some of our own.
func fuzzReferenceName(_ bytes: [UInt8]) {
    let bytes = bytes.starts(with: "refs/".utf8) ? bytes : Array("refs/heads/".utf8) + bytes
    let isUTF8 = String(validating: bytes, as: UTF8.self) != nil
    let components = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let fits = bytes.count <= 1024 && components.allSatisfy { $0.count <= 200 }
    let name = ReferenceName(bytes: bytes)
    require((name != nil) == (isUTF8 && fits && followsRules(bytes)), "git judges otherwise")
    guard let name else { return }
    require(Array(name.text.utf8) == bytes, "a name changed")
    require(name.componentCount == components.count, "components are counted wrongly")
    let below = ReferenceName(bytes: bytes + Array("/x".utf8))
    if let below { require(name.conflicts(with: below) && below.conflicts(with: name), "a conflict is not seen") }
}

/// git's `check_refname_component`, as a machine over bytes.
private func followsRules(_ name: [UInt8]) -> Bool {
    var last: UInt8 = UInt8(ascii: "/")
    var slashes = 0
    for (index, byte) in (name + [UInt8(ascii: "/")]).enumerated() {
        switch byte {
        case UInt8(ascii: "/"):
            if last == UInt8(ascii: "/") || name[..<index].suffix(5).elementsEqual(".lock".utf8) { return false }
            slashes += 1
        case UInt8(ascii: "."): if last == UInt8(ascii: ".") || last == UInt8(ascii: "/") { return false }
        case UInt8(ascii: "{"): if last == UInt8(ascii: "@") { return false }
        case 0...0x20, 0x7f, UInt8(ascii: "~"), UInt8(ascii: "^"), UInt8(ascii: ":"), UInt8(ascii: "?"),
            UInt8(ascii: "*"), UInt8(ascii: "["), UInt8(ascii: "\\"):
            return false
        default: break
        }
        last = byte
    }
    return name.last != UInt8(ascii: ".") && slashes >= 2
}

/// A word is there exactly if it stands between separators, and its first value counts.
func fuzzCapabilities(_ bytes: [UInt8]) {
    let capabilities = Capabilities(parsing: bytes)
    let words = bytes.split { [0, 9, 10, 32].contains($0) }.map { String(decoding: $0, as: UTF8.self) }
    for word in ["report-status", "atomic", "side-band-64k", "a"] {
        let isThere = words.contains { $0.utf8.elementsEqual(word.utf8) || $0.utf8.starts(with: "\(word)=".utf8) }
        require(capabilities.contains(word) == isThere, "'\(word)' is found or missed")
    }
    if let agent = capabilities.agent { require(isVisible(agent), "an agent could steer a terminal") }
}

/// Lines are the same in whatever pieces they come, and nothing is lost.
func fuzzLines(_ bytes: [UInt8]) {
    let maximum = 4 + Int(bytes.first ?? 0) % 30
    var (whole, parts) = (LineSplitter(maximumLength: maximum), LineSplitter(maximumLength: maximum))
    let all = whole.append(bytes) + whole.finish()
    let some = pieces(bytes).flatMap { parts.append($0) } + parts.finish()
    require(all == some, "pieces make a difference")
    require(all.allSatisfy { $0.count <= maximum }, "a line is too long")
    require(Array(all.joined()) == bytes.filter { $0 != 0x0A }, "something is lost")
}

/// What is shown cannot steer a terminal, colours apart, and to show it again changes nothing.
func fuzzControlCharacters(_ bytes: [UInt8]) {
    let shown = ControlCharacters.neutralise(bytes)
    var plain = shown
    while let start = plain.firstRange(of: "\u{1B}[") {
        guard
            let end = plain[start.upperBound...].unicodeScalars.firstIndex(where: {
                !"0123456789;:".unicodeScalars.contains($0)
            })
        else { return require(false, "a sequence does not end") }
        require(plain.unicodeScalars[end] == "m", "a sequence is no colour")
        plain.unicodeScalars.removeSubrange(start.lowerBound...end)
    }
    require(isVisible(plain.replacing("\t", with: "")), "something could steer a terminal")
    let again = ControlCharacters.neutralise(shown.utf8)
    require(again == shown || again == shown + "\u{1B}[0m", "showing it again changes it")
    let escaped = ControlCharacters.escape(bytes, limit: 40)
    require(isVisible(escaped), "something escaped could steer a terminal")
}

/// Whether nothing in `text` is more than a picture of itself.
func isVisible(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: false
        default: true
        }
    }
}
