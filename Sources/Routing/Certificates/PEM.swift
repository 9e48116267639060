import Foundation
import Platform

/// The parts of a PEM text (RFC 7468).
struct PEM {
    struct Block: Equatable {
        /// Such as `CERTIFICATE`.
        let label: String
        /// From `-----BEGIN` to the end of the line `-----END`, with a line feed.
        let text: String
    }

    let blocks: [Block]

    /// What stands between the blocks is left out, such as the names that some programs write there.
    ///
    /// - Throws: `Refusal` for a block without an end.
    init(_ text: String) throws(Refusal) {
        var blocks: [Block] = []
        var open: (label: String, lines: [String])?
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmingCharacters(in: .whitespaces)
            if let label = Self.label(line, "BEGIN") {
                if let open { throw Self.unfinished(open.label) }
                open = (label, [line])
            } else if var block = open {
                block.lines.append(line)
                open = block
                guard Self.label(line, "END") == block.label else { continue }
                blocks.append(Block(label: block.label, text: block.lines.joined(separator: "\n") + "\n"))
                open = nil
            }
        }
        if let open { throw Self.unfinished(open.label) }
        self.blocks = blocks
    }

    var certificates: [Block] { blocks.filter { $0.label == "CERTIFICATE" } }
    var keys: [Block] { blocks.filter { $0.label.hasSuffix("PRIVATE KEY") } }
    /// What belongs neither to a certificate nor to a key.
    var others: [Block] {
        blocks.filter {
            $0.label != "CERTIFICATE" && !$0.label.hasSuffix("PRIVATE KEY") && !$0.label.hasSuffix(" PARAMETERS")
        }
    }

    private static func label(_ line: String, _ kind: String) -> String? {
        let (start, end) = ("-----\(kind) ", "-----")
        guard line.hasPrefix(start), line.hasSuffix(end), line.utf8.count > start.utf8.count + end.utf8.count else {
            return nil
        }
        return String(line.dropFirst(start.count).dropLast(end.count))
    }

    private static func unfinished(_ label: String) -> Refusal {
        Refusal("the certificate cannot be used: the text ends within a block '\(label.escaped)'; send all of it")
    }
}

extension PEM.Block {
    /// Whether its key needs a passphrase.
    var isEncrypted: Bool { label.hasPrefix("ENCRYPTED") || text.contains("\nProc-Type: 4,ENCRYPTED") }
}
