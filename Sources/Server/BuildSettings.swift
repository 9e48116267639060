import Build
import Platform

/// The build settings that people store for their apps.
enum BuildSettings {
    /// - Throws: `Refusal` when a text is not of the form of `martlet.yaml`.
    static func check(_ text: String) throws(Refusal) {
        do throws(BuildError) {
            try BuildPlan.check(settings: text)
        } catch {
            throw Refusal([error.description, error.hint].compactMap { $0 }.joined(separator: "; "), exitStatus: 2)
        }
    }
}
