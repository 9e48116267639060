/// Who and when, as in the author and committer lines of a commit: "Name <email> seconds zone".
struct Signature {
    let name: String
    let email: String
    /// Seconds since 1970; 0 where it cannot be read.
    let time: Int64

    /// Reads a line's value; nil unless it holds an email address in angle brackets, after a space if there is a
    /// name, as `git fsck` wants it. Dates are taken as they come: well-known histories have broken ones.
    init?(_ line: some BidirectionalCollection<UInt8>) {
        guard let open = line.firstIndex(of: UInt8(ascii: "<")),
            let close = line[open...].firstIndex(of: UInt8(ascii: ">"))
        else { return nil }
        let name = line[..<open]
        let email = line[line.index(after: open)..<close]
        guard name.isEmpty || name.last == UInt8(ascii: " "), !name.contains(UInt8(ascii: ">")),
            !email.contains(UInt8(ascii: "<"))
        else { return nil }
        self.name = String(decoding: name.dropLast(), as: UTF8.self)
        self.email = String(decoding: email, as: UTF8.self)
        let date = line[close...].dropFirst().drop { $0 == UInt8(ascii: " ") }
        time = Int64(String(decoding: date.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)) ?? 0
    }
}
