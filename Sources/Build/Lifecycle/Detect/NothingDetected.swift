/// No group of buildpacks knows what to do with an app.
package struct NothingDetected: Error, Sendable, Equatable, CustomStringConvertible {
    /// What one buildpack found.
    package enum Verdict: Sendable, Equatable, CustomStringConvertible {
        /// It knows the app; others of its group did not.
        case passed
        /// It does not know the app.
        case failed
        /// Its detection ended with this exit code.
        case error(Int)
        /// It was not asked, such as one for another system.
        case refused(String)

        package var description: String {
            switch self {
            case .passed: "pass"
            case .failed: "fail"
            case .error(let code): "err (\(code))"
            case .refused(let reason): "err: \(reason)"
            }
        }
    }

    /// A buildpack's ID and version, and what it found.
    package struct Finding: Sendable, Equatable, CustomStringConvertible {
        package let buildpack: String
        package let verdict: Verdict

        package init(buildpack: String, verdict: Verdict) {
            self.buildpack = buildpack
            self.verdict = verdict
        }

        package var description: String { "\(buildpack): \(verdict)" }
    }

    /// Each buildpack once, in the order in which they were asked.
    package let findings: [Finding]
    /// Why groups whose buildpacks passed did not fit together, a line each.
    package let misfits: [String]

    package init(findings: [Finding], misfits: [String] = []) {
        self.findings = findings
        self.misfits = misfits
    }

    package var description: String { "no buildpack detected the app" }
}
