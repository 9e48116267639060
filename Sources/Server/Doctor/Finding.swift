import Commands

/// What a check of the doctor found.
struct Finding: Sendable, Equatable {
    let state: Diagnosis.State
    let text: String
    let advice: String?

    static func ok(_ text: String) -> Finding { Finding(state: .ok, text: text, advice: nil) }

    static func warning(_ text: String, _ advice: String? = nil) -> Finding {
        Finding(state: .warning, text: text, advice: advice)
    }

    static func problem(_ text: String, _ advice: String? = nil) -> Finding {
        Finding(state: .problem, text: text, advice: advice)
    }
}
