import Platform
import Testing

@Suite struct ByteCountTests {
    @Test(arguments: [
        ("512M", 512 << 20), ("512MiB", 512 << 20), ("512mb", 512 << 20), ("1G", 1 << 30), ("1.5g", 3 << 29),
        ("2T", 2 << 40),
        ("100", 100), ("100B", 100), ("0", 0), ("64k", 65_536),
    ])
    func `sizes are read as people write them`(text: String, bytes: Int) {
        #expect(ByteCount(text)?.bytes == bytes)
    }

    @Test(arguments: [
        "", "M", "-1M", "1X", "1.G", ".5G", "1..5G", "1 G", "1e9", "9999T", "1MBiB", "0x10", "nan", "1BB", "١M",
    ])
    func `anything else is no size`(text: String) {
        #expect(ByteCount(text) == nil)
    }

    @Test(arguments: [(512 << 20, "512M"), (1 << 30, "1G"), (3 << 29, "1536M"), (1000, "1000"), (0, "0")])
    func `a size is shown in the largest unit that fits`(bytes: Int, text: String) {
        #expect(ByteCount(bytes).description == text)
    }
}
