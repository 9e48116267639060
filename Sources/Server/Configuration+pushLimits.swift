import Git
import GitWire
import Push

extension SettingReader {
    /// What one push may bring and take.
    mutating func pushLimits() -> PushLimits {
        var limits = PushLimits()
        let pack = limits.pack
        limits.pack.packBytes = mebibytes("MARTLET_PACK_MIB", pack.packBytes)
        limits.pack.objects = number("MARTLET_PACK_OBJECTS", pack.objects, 1...50_000_000, "a number of objects")
        limits.pack.objectBytes = mebibytes("MARTLET_OBJECT_MIB", pack.objectBytes)
        limits.pack.inflatedBytes = mebibytes("MARTLET_INFLATED_MIB", pack.inflatedBytes)
        limits.pack.deltaDepth = number("MARTLET_DELTA_DEPTH", pack.deltaDepth, 1...65_000, "a number of deltas")
        limits.pack.treeDepth = number("MARTLET_TREE_DEPTH", pack.treeDepth, 1...2_048, "a number of folders")
        limits.pack.seconds = number("MARTLET_PACK_SECONDS", pack.seconds, 1...86_400, "seconds")
        limits.request.commands = number(
            "MARTLET_PUSH_REFERENCES", limits.request.commands, 1...1_000_000, "a number of references")
        limits.references = number(
            "MARTLET_REFERENCES", limits.references, 1...10_000_000, "a number of references")
        limits.silentSeconds = number("MARTLET_SILENT_SECONDS", limits.silentSeconds, 1...86_400, "seconds")
        return limits
    }

    /// A setting in MiB, as bytes.
    mutating func mebibytes(_ name: String, _ fallback: Int) -> Int {
        number(name, fallback >> 20, 1...1_048_576, "MiB") << 20
    }
}
