import Foundation

/// The programs that BuildKit's steps run, from the bundles that it lays out for runc (OCI runtime specification).
enum StepProgram {
    private struct Bundle: Decodable {
        struct Process: Decodable { let args: [String]? }
        let process: Process?
    }

    /// The arguments of a step's program with blanks between them; nil when there is no such step.
    ///
    /// - Parameters:
    ///   - step: the name of the step's control group and bundle.
    ///   - dockerRoot: the folder of the daemon's data.
    static func text(of step: String, dockerRoot: String) -> String? {
        let path = "\(dockerRoot)/buildkit/executor/\(step)/config.json"
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        return try? JSONDecoder().decode(Bundle.self, from: data).process?.args?.joined(separator: " ")
    }
}
