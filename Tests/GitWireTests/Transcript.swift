@testable import GitWire

/// What git 2.39.5 sends for `git push --atomic -q -o message=one -o detach … main main:refs/heads/other` to an empty
/// repository.
enum Transcript {
    static let commit = ObjectID("21d5b96e9516aa62dac989dbe9a0c6b6ab8c1397") ?? .zero

    static let request =
        bytes(
            "00c30000000000000000000000000000000000000000 21d5b96e9516aa62dac989dbe9a0c6b6ab8c1397 "
                + "refs/heads/main\0"
                + " report-status-v2 side-band-64k quiet atomic push-options object-format=sha1 agent=git/2.39.5"
                + "00660000000000000000000000000000000000000000 21d5b96e9516aa62dac989dbe9a0c6b6ab8c1397 "
                + "refs/heads/other"
                + "0000" + "000fmessage=one" + "000adetach" + "0000")

    static let pack: [UInt8] = {
        let digits = Array(
            "5041434b00000002000000039807789c7dca310e80200c00c09d5774772945a924c6f8958225321813acffd71778f3595705"
                + "1149b1e84e7b125f66652a53cc340541a5aa3c8714aa6676f2d87175105864cb2b78c6112313220cf871e53acf66a63fc5d5"
                + "d66f732f330720d1a502789c33343030333151c848cdc9c9d72ba9286138c768a6caccbde2f64ab6ef61d3eae7cd593cc5cd"
                + "0b00df740dbf36789ccb48cdc9c9e70200084b021f2e275e5adc1a0cf6ee1a93e2b48f6ff9317be634")
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16) ?? 0 }
    }()
}
