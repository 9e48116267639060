import Platform

/// The processes of an image, and which of them it starts when none is named.
struct ProcessTypes: Equatable {
    struct Entry: Equatable {
        let type: String
        let isDefault: Bool
    }

    let processes: [LaunchProcess]
    /// Nil when the image starts nothing by itself.
    let defaultType: String?

    /// - Parameter defaultType: what a buildpack declared; else it is `web`, or the only one (Platform API, "exporter").
    init(_ processes: [LaunchProcess], defaultType: String?) {
        self.processes = processes
        let only = processes.count == 1 ? processes.first?.type : nil
        self.defaultType = defaultType ?? (processes.contains { $0.type == "web" } ? "web" : only)
    }

    var entries: [Entry] { processes.map { Entry(type: $0.type, isDefault: $0.type == defaultType) } }

    /// How each is started from the image. Without one called `web`, the default is it: requests have to go somewhere.
    static func declarations(_ entries: [Entry]) -> [ProcessDeclaration] {
        let hasWeb = entries.contains { $0.type == "web" }
        return entries.map { entry in
            ProcessDeclaration(
                type: entry.isDefault && !hasWeb ? "web" : entry.type, entrypoint: ["/cnb/process/\(entry.type)"])
        }
    }
}
