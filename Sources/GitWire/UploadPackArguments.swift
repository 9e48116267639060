/// The lines that a request to fetch has in every version of the protocol.
extension UploadPackRequest {
    /// Takes `shallow OID`, `deepen N`, `deepen-since SECONDS` or `deepen-not NAME`.
    ///
    /// - Returns: whether it is one of them.
    /// - Throws: `WireError`, in the words of git's `upload-pack.c`.
    mutating func takeDepth(_ line: ArraySlice<UInt8>, _ limits: UploadPackLimits) throws(WireError) -> Bool {
        if let id = line.after("shallow ") {
            guard let id = ObjectID(hex: id) else { throw .invalid("invalid shallow line:", line) }
            shallow.append(id)
            try limits.check(shallow.count, limits.shallow, "shallow lines")
        } else if let text = line.after("deepen ") {
            guard let depth = Int32(String(decoding: text, as: UTF8.self)), depth > 0 else {
                throw .invalid("Invalid deepen:", line)
            }
            self.depth = Int(depth)
        } else if let text = line.after("deepen-since ") {
            guard let since = Int64(String(decoding: text, as: UTF8.self)), since >= 0 else {
                throw .invalid("Invalid deepen-since:", line)
            }
            self.since = since
        } else if let name = line.after("deepen-not ") {
            excluded.append(String(decoding: name, as: UTF8.self))
            try limits.check(excluded.count, limits.excludedNames, "deepen-not lines")
        } else {
            return false
        }
        return true
    }

    /// - Throws: for a request that wants its history cut off in two ways.
    func checkDepth() throws(WireError) {
        guard depth == nil || since == nil && excluded.isEmpty else {
            throw WireError("git upload-pack: deepen and deepen-since (or deepen-not) cannot be used together")
        }
    }
}

extension ArraySlice<UInt8> {
    /// What follows `prefix`; nil unless it begins with that.
    func after(_ prefix: StaticString) -> ArraySlice<UInt8>? {
        let prefix = UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount)
        return starts(with: prefix) ? dropFirst(prefix.count) : nil
    }

    /// Whether it is this word.
    func isWord(_ word: StaticString) -> Bool { after(word)?.isEmpty ?? false }

    /// Without the line feed at its end, if there is one.
    var withoutLineFeed: ArraySlice<UInt8> { last == UInt8(ascii: "\n") ? dropLast() : self }
}
