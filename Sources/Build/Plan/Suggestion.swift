/// What somebody who misspelt a word may have meant.
enum Suggestion {
    /// The word among `words` that differs least from `word`, by at most a third of its letters; nil when all differ
    /// more.
    static func nearest(to word: String, among words: [String]) -> String? {
        let letters = Array(word.lowercased().utf8.prefix(64))
        let near = words.map { ($0, distance(letters, Array($0.utf8))) }.min { $0.1 < $1.1 }
        guard let near, near.1 <= max(1, near.0.utf8.count / 3) else { return nil }
        return near.0
    }

    /// `; did you mean 'word'?`, or nothing.
    static func phrase(_ word: String, among words: [String]) -> String {
        nearest(to: word, among: words).map { "; did you mean '\($0)'?" } ?? ""
    }

    /// Letters to add, leave out, change or swap with their neighbour (optimal string alignment).
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var before: [Int] = []
        var last = Array(0...other.count)
        for i in one.indices {
            var row = [i + 1]
            for j in other.indices {
                var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (one[i] == other[j] ? 0 : 1))
                if i > 0, j > 0, one[i] == other[j - 1], one[i - 1] == other[j] { best = min(best, before[j - 1] + 1) }
                row.append(best)
            }
            (before, last) = (last, row)
        }
        return last[other.count]
    }
}
