import Platform

/// The name of a process, and that of its container, which Docker gives to one only.
struct ContainerPlace: Sendable {
    /// Such as `web.1`.
    let process: String
    let container: String

    init(_ process: AppProcess, _ plan: ProcessPlan, _ release: Release) {
        self.process = "\(process.type).\(process.index)"
        let app = process.appID.text.prefix(8)
        container =
            switch plan.strategy {
            // The same for all releases, so that Docker itself never lets two exist.
            case .exclusive: "martlet-\(app)-\(process.type)-\(process.index)"
            case .startFirst, .stopFirst:
                "martlet-\(app)-v\(release.number)-\(process.type)-\(process.index)-\(process.id.text.prefix(4))"
            }
    }
}
