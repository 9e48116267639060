import GitWire

/// A line of a build as it is shown.
enum ProgressLine: Sendable, Equatable {
    /// About the build.
    case said(String)
    /// From a program that a step ran, byte for byte.
    case printed([UInt8])
}

extension ProgressLine {
    /// Adds it to a log, harmless to terminals: a Dockerfile's text is a stranger's too.
    func add(to log: any BuildOutput) async {
        switch self {
        case .said(let text): await log.detail(ControlCharacters.neutralise(text.utf8))
        case .printed(let bytes): await log.printed(bytes)
        }
    }
}
