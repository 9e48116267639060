/// The header of a file in a tar archive (POSIX.1-1988, "ustar").
enum TarHeader {
    static let blockSize = 512

    /// - Parameters:
    ///   - name: at most 100 bytes.
    ///   - size: of the file, in bytes.
    static func bytes(name: String, size: Int) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: blockSize)
        func put(_ text: String, _ offset: Int) {
            for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
        }
        put(name, 0)
        put("0000644", 100)
        put("0000000", 108)
        put("0000000", 116)
        // Eleven octal digits hold 8 GiB; the first bit marks a binary number (GNU, star).
        if size < 1 << 33 {
            put(octal(size, 11), 124)
        } else {
            header[124] = 0x80
            for index in 0..<8 { header[128 + index] = UInt8(truncatingIfNeeded: size >> (56 - 8 * index)) }
        }
        put(octal(ImageArchive.moment, 11), 136)
        header[156] = UInt8(ascii: "0")
        put("ustar", 257)
        put("00", 263)
        put("        ", 148)
        put(octal(header.reduce(0) { $0 + Int($1) }, 6) + "\0 ", 148)
        return header
    }

    private static func octal(_ number: Int, _ width: Int) -> String {
        let digits = String(number, radix: 8)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
