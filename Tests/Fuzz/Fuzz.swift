import Glibc

/// One input to one part, chosen by the environment: libFuzzer calls this over and over.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    target(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

/// What `FUZZ_TARGET` names.
private let target: @Sendable ([UInt8]) -> Void = {
    let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let target = targets[name] else {
        print("fuzz: set FUZZ_TARGET to one of \(targets.keys.sorted().joined(separator: " "))")
        exit(2)
    }
    return target
}()

private let targets: [String: @Sendable ([UInt8]) -> Void] = [
    "packets": fuzzPackets, "push-request": fuzzPushRequest, "fetch-request": fuzzFetchRequest,
    "commands": fuzzCommands, "exec-command": fuzzExecCommand,
    "reference-name": fuzzReferenceName, "capabilities": fuzzCapabilities, "lines": fuzzLines,
    "control-characters": fuzzControlCharacters, "pack": fuzzPack, "delta": fuzzDelta, "objects": fuzzObjects,
]

/// What must hold; ends the run with the input kept where it does not.
func require(_ condition: Bool, _ what: String) {
    guard !condition else { return }
    print("fuzz: \(what)")
    abort()
}

/// `bytes` in pieces whose lengths they give themselves.
func pieces(_ bytes: [UInt8]) -> [[UInt8]] {
    var rest = bytes[...]
    var pieces: [[UInt8]] = []
    while let first = rest.first {
        let piece = rest.prefix(1 + Int(first) % 61)
        pieces.append(Array(piece))
        rest = rest.dropFirst(piece.count)
    }
    return pieces
}
