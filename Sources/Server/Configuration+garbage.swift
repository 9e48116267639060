import Pipeline

extension SettingReader {
    /// What stays of what builds and releases leave.
    mutating func garbageBounds() -> Garbage.Bounds {
        var bounds = Garbage.Bounds()
        bounds.releases = number("MARTLET_KEEP_RELEASES", bounds.releases, 1...1000, "a number of releases")
        bounds.builds = number("MARTLET_KEEP_BUILDS", bounds.builds, 1...100_000, "a number of builds")
        let gib = number("MARTLET_IMAGE_BUDGET_GIB", (bounds.bytes ?? 0) >> 30, 0...1_000_000, "GiB, 0 for any amount")
        bounds.bytes = gib == 0 ? nil : gib << 30
        return bounds
    }
}
