/// The value of an author, committer or tagger line: "Name <email> seconds zone".
enum PersonLine {
    /// What `git fsck` would refuse in a line; nil if it is well-formed. Time zones may have any number of digits.
    static func flaw(in line: UnsafeBufferPointer<UInt8>.SubSequence) -> String? {
        let line = UnsafeBufferPointer(rebasing: line)
        let open = angle(line, from: 0)
        guard open < line.count else { return "no email address" }
        guard open > 0 else { return "no name before the email address" }
        guard line[open] == UInt8(ascii: "<") else { return "a name with '>'" }
        guard line[open - 1] == UInt8(ascii: " ") else { return "no space before the email address" }
        let close = angle(line, from: open + 1)
        guard close < line.count, line[close] == UInt8(ascii: ">") else { return "a bad email address" }
        guard close + 1 < line.count, line[close + 1] == UInt8(ascii: " ") else { return "no space before the date" }
        return flaw(inDate: line, from: close + 2)
    }

    private static func flaw(inDate line: UnsafeBufferPointer<UInt8>, from start: Int) -> String? {
        let end = digits(line, from: start)
        guard end > start, end < line.count, line[end] == UInt8(ascii: " ") else { return "a bad date" }
        guard end == start + 1 || line[start] != UInt8(ascii: "0") else { return "a date with leading zeros" }
        // What fits into 63 bits.
        guard end - start < 19 || end - start == 19 && line[start] < UInt8(ascii: "9") else {
            return "a date that is too large"
        }
        let zone = end + 1
        guard zone + 1 < line.count, line[zone] == UInt8(ascii: "+") || line[zone] == UInt8(ascii: "-"),
            digits(line, from: zone + 1) == line.count
        else { return "a bad time zone" }
        return nil
    }

    /// Where the next angle bracket is; the end if there is none.
    private static func angle(_ line: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var position = start
        while position < line.count, line[position] != UInt8(ascii: "<"), line[position] != UInt8(ascii: ">") {
            position += 1
        }
        return position
    }

    /// Where the digits from `start` on end.
    private static func digits(_ line: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var position = start
        while position < line.count, line[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        return position
    }
}
