import Build
import Foundation
import Platform

/// Sees to it that no release goes without the config variables that it needs.
struct VariableCheck: Sendable {
    let app: App
    let config: ConfigStore

    /// Sets those that are to be made up and are not set yet, and refuses the product if others are missing.
    ///
    /// - Throws: `RunFailure` that names them.
    func perform(_ product: BuildProduct, by user: String, log: any BuildOutput) async throws {
        let declared = product.variables ?? []
        guard declared.contains(where: { $0.isRequired || $0.isGenerated }) else { return }
        let names = try await config.namesForProcesses(of: app)
        try await generate(declared.filter { $0.isGenerated && !names.contains($0.name) }, user, log)
        let missing = VariableDeclaration.missing(from: declared, names: names)
        guard !missing.isEmpty else { return }
        let refusal = VariableDeclaration.refusal(of: missing, app: app.name)
        for line in refusal.hint.split(separator: "\n") { await log.detail(String(line)) }
        throw RunFailure(.failed, "config missing", refusal.text)
    }

    private func generate(_ declared: [VariableDeclaration], _ user: String, _ log: any BuildOutput) async throws {
        guard !declared.isEmpty else { return }
        var values: [ConfigName: String] = [:]
        for variable in declared { values[try ConfigName(variable.name)] = Self.secret() }
        try await config.set(values, scope: .run, of: app, by: user)
        await log.detail("made up a secret for \(declared.map(\.name).joined(separator: ", "))")
    }

    /// 32 random bytes as hexadecimal digits.
    private static func secret() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<4).map { _ in
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
