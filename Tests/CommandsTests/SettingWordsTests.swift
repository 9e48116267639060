import Platform
import Testing

@testable import Commands

@Suite struct SettingWordsTests {
    @Test func `words are the keys of martlet yaml, those of the build without its name`() throws {
        let words = [
            "method=command", "port=80", "commands=make", "static.folder=dist", "commands=make \"all\"\\\n",
            "env.A=1", "static.spa=true", "build.base=martlet/busybox",
        ]
        let yaml = """
            build:
              method: "command"
              commands:
                - "make"
                - "make \\"all\\"\\\\\\n"
              env:
                A: "1"
              base: "martlet/busybox"
            port: "80"
            static:
              folder: "dist"
              spa: "true"

            """
        #expect(try SettingWords.yaml(words) == yaml)
    }

    @Test func `blocks beside the build have their own names`() throws {
        let words = [
            "release=./seed", "processes.worker.memory=1G", "routing.timeout=2m", "variables.KEY.required=true",
        ]
        let yaml = """
            release: "./seed"
            processes:
              worker:
                memory: "1G"
            routing:
              timeout: "2m"
            variables:
              KEY:
                required: "true"

            """
        #expect(try SettingWords.yaml(words) == yaml)
    }

    @Test(arguments: [["method"], ["=x"], ["a..b=1"], ["a b=1"], ["a: {b=1"], ["a=1", "a.b=2"]])
    func `anything else is refused`(words: [String]) {
        let refusal = #expect(throws: Refusal.self) { try SettingWords.yaml(words) }
        #expect(refusal?.exitStatus == 2)
    }
}
