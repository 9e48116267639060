import Platform
import Testing

@testable import Build

@Suite struct MaskedOutputTests {
    @Test func `a secret that a program prints is masked, whatever stands around it`() async {
        let lines = Lines()
        let output = MaskedOutput(
            lines, secrets: ["topsecret", "topsecret-longer", "short", "first line\nsecond line"])
        await output.printed("a=topsecret;topsecret-longer short first line".utf8)
        await output.detail("topsecret")
        #expect(lines.all == ["       a=********;******** short ********", "       ********"])
    }
}
