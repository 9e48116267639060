/// The name of an image.
enum ImageName {
    private static let bytes = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-/:@".utf8)

    /// Whether it can stand in `FROM` and mean nothing else there.
    static func isValid(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 255 else { return false }
        return first != UInt8(ascii: "-") && text.utf8.allSatisfy(bytes.contains)
    }
}
