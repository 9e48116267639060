import Build
import Platform

/// The build settings that people store for their apps.
enum BuildSettings {
    /// - Throws: `Refusal` when a text is no `build` block.
    static func check(_ text: String) throws(Refusal) {
        do {
            try BuildPlan.check(settings: text)
        } catch {
            throw Refusal("\(error)\(error.hint.map { "; \($0)" } ?? "")", exitStatus: 2)
        }
    }
}
