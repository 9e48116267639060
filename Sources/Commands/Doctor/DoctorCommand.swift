import ArgumentParser
import Platform

struct DoctorCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check the server and what it needs (admins).",
        discussion: """
            On the machine itself it also works while the daemon, the database or Docker are down. Exit status 1 when there \
            is a problem; warnings alone are 0.
            """)

    @Flag(help: "Print JSON.")
    var json = false

    func run(in context: CommandContext) async throws {
        try context.requireAdmin()
        let diagnoses = await context.diagnose()
        if json {
            try await context.list(diagnoses, asJSON: true, header: [], none: "") { _ in [] }
        } else {
            for line in Self.lines(diagnoses) { try await context.print(line) }
        }
        let count = { (state: Diagnosis.State) in diagnoses.filter { $0.state == state }.count }
        guard count(.problem) == 0 else {
            throw Refusal("\(count(.problem)) of \(diagnoses.count) checks found a problem, \(count(.warning)) warn")
        }
        try await context.say("\(diagnoses.count) checks: no problem, \(count(.warning)) warn")
    }

    /// A line for each, and one below it with what to do.
    static func lines(_ diagnoses: [Diagnosis]) -> [String] {
        let width = diagnoses.map(\.name.count).max() ?? 0
        let pad = { (text: String, width: Int) in text + String(repeating: " ", count: max(0, width - text.count)) }
        return diagnoses.flatMap { diagnosis in
            let line = "\(pad(diagnosis.state.rawValue, 7))  \(pad(diagnosis.name, width))  \(diagnosis.text.escaped)"
            return [line] + (diagnosis.advice.map { [pad("", width + 11) + "-> " + $0.escaped] } ?? [])
        }
    }
}
