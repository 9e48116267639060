import GitWire

/// What a client of version 2 asks for is the same in whatever pieces it comes, and keeps within its limits.
func fuzzCommands(_ bytes: [UInt8]) {
    let whole = commands(in: [bytes])
    require(whole == commands(in: pieces(bytes)), "pieces make a difference")
    require(isVisible(whole.error), "an error could steer a terminal")
    for case .fetch(let request) in whole.found { check(request) }
}

/// What a client of version 0 says is the same in whatever pieces it comes, and keeps within its limits.
func fuzzFetchRequest(_ bytes: [UInt8]) {
    let whole = events(in: [bytes])
    require(whole == events(in: pieces(bytes)), "pieces make a difference")
    require(isVisible(whole.error), "an error could steer a terminal")
    for (place, event) in whole.found.enumerated() {
        if case .request(let request) = event {
            require(place == 0 && !request.wants.isEmpty, "a request that is none")
            check(request)
        }
        let isLast = place == whole.found.count - 1
        require(isLast || event != .done && event != .nothingToDo, "more is said after the end")
    }
    require(whole.found.count { if case .have = $0 { true } else { false } } <= limits.haves, "too many haves")
}

private let limits: UploadPackLimits = {
    var limits = UploadPackLimits()
    (limits.wants, limits.haves, limits.shallow, limits.excludedNames, limits.bytes) = (5, 6, 4, 3, 2048)
    return limits
}()

private func check(_ request: UploadPackRequest) {
    require(request.wants.count <= limits.wants && Set(request.wants).count == request.wants.count, "too many wants")
    require(request.haves.count <= limits.haves, "too many haves")
    require(request.shallow.count <= limits.shallow, "too many ends of a history")
    switch request.deepening {
    case .depth(let depth, _): require(depth > 0, "a depth of nothing")
    case .revisions(let since, let names):
        require(names.count <= limits.excludedNames && since ?? 0 >= 0, "too many names, or a time before all time")
    case nil: break
    }
}

/// What a parser found, and why it gave up; empty if it did not.
private struct Found<Item: Equatable>: Equatable {
    var found: [Item] = []
    var error = ""
}

private func commands(in pieces: [[UInt8]]) -> Found<V2CommandParser.Command> {
    var parser = V2CommandParser(limits: limits)
    var result = Found<V2CommandParser.Command>()
    do throws(WireError) {
        for piece in pieces {
            parser.append(piece)
            while let command = try parser.next() { result.found.append(command) }
        }
        result.found.append(try parser.finish())
    } catch {
        result.error = error.description
    }
    return result
}

private func events(in pieces: [[UInt8]]) -> Found<UploadPackParser.Event> {
    var parser = UploadPackParser(limits: limits)
    var result = Found<UploadPackParser.Event>()
    do throws(WireError) {
        for piece in pieces {
            parser.append(piece)
            while let event = try parser.next() { result.found.append(event) }
        }
    } catch {
        result.error = error.description
    }
    return result
}
