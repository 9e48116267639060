import Foundation
import Platform
import Testing

@testable import Commands

extension CommandTests {
    @Suite struct ConfigCommandTests {
        @Test func `a variable is deployed as it is set, unless it is staged or for builds`() async throws {
            try await Desk.with { desk in
                #expect(try await desk.run("config set shop A=1").errors.contains("the first deploy uses this"))
                try await desk.release()
                try await desk.run("config set shop B=s3cret A=2 --detach", as: "dan")
                #expect(
                    try await desk.takeIntent()
                        == DeployIntent(.deploy, product: 1, summary: "set A, B", isRefresh: true))
                try await desk.run("config unset shop B --detach")
                // B never went live: there is nothing to take back.
                #expect(try await desk.takeIntent() == nil)
                try await desk.run("config unset shop A --detach")
                #expect(try await desk.takeIntent()?.summary == "unset A")
                let staged = try await desk.run("config set shop A=3 --stage")
                #expect(staged.status == 0 && staged.errors.contains("'deploy shop' deploys it now"))
                #expect(try await desk.waiting() == nil)
                let build = try await desk.run("config set shop C=1 --build")
                #expect(build.errors.contains("builds use this from the next push on"))
                #expect(try await desk.waiting() == nil)
                #expect(try await desk.run("config set shop A=1").errors.contains("v1 runs so already"))
                try await desk.run("config import shop --detach", input: "A=5\nD=6\n")
                #expect(try await desk.takeIntent()?.summary == "set A, D")
                #expect(try await desk.run("config set shop A=1 --stage --detach").status == 2)
                #expect(try await desk.run("events shop --json").output.contains("s3cret") == false)
            }
        }

        @Test func `a change is deployed although the live release has it, while a run goes on that may not`()
            async throws
        {
            try await Desk.with { desk in
                try await desk.run("config set shop A=1")
                try await desk.release()
                try await desk.run("config set shop A=2 --detach")
                try await desk.run("config set shop A=1 --detach")
                #expect(try await desk.waiting()?.number == 3)
                try await desk.run("config set shop B=1 --build")
                #expect(try await desk.waiting()?.number == 3)
            }
        }

        @Test func `a list marks what the live release does not have`() async throws {
            try await Desk.with { desk in
                try await desk.run("config set shop KEPT=1 CHANGED=1 GONE=1")
                try await desk.release()
                try await desk.run("config set shop CHANGED=2 ADDED=1 --stage")
                try await desk.run("config unset shop GONE --stage")
                let answer = try await desk.run("config list shop", as: "vera")
                let marks = answer.output.split(separator: "\n").dropFirst().map { line in
                    let words = line.split(separator: " ").map(String.init)
                    return "\(words[0]) \(["new", "changed", "unset"].first(where: words.contains) ?? "-")"
                }
                #expect(marks == ["ADDED new", "CHANGED changed", "KEPT -", "GONE unset"])
                #expect(answer.errors.contains("'deploy shop' deploys it now"))
                try await desk.release()
                #expect(try await desk.run("config list shop").errors.isEmpty)
            }
        }

        @Test func `what the live release requires is not unset`() async throws {
            try await Desk.with { desk in
                try await desk.run("config set shop DATABASE_URL=x OTHER=y")
                var product = Desk.product
                product.variables = [
                    VariableDeclaration(name: "DATABASE_URL", description: "where data is", isRequired: true),
                    VariableDeclaration(name: "OTHER", isRequired: true, value: "z"),
                ]
                try await desk.release(.live, product)
                let refused = try await desk.run("config unset shop OTHER DATABASE_URL")
                #expect(refused.status == 1 && refused.errors.contains("v1 of 'shop' requires it (where data is)"))
                #expect(try await desk.run("config get shop OTHER").output == "y\n")
                #expect(try await desk.run("config unset shop OTHER --stage").status == 0)
            }
        }
    }
}
