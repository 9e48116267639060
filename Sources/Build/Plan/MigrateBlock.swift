import Platform

/// The block `migrate`: how the app's database is brought to the form that the code expects.
enum MigrateBlock {
    static let keys = ["status", "up", "compatible", "timeout"]

    static func read(_ setting: Setting) throws(BuildError) -> MigrationPlan {
        let example = "migrate: {status: ./pending, up: ./migrate}"
        let fields = try setting.fields(keys, example: example)
        guard let up = fields["up"] else { throw setting.error("'migrate' needs 'up', as in '\(example)'") }
        var plan = MigrationPlan(
            status: try fields["status"].map { status throws(BuildError) in
                ShellCommand.arguments(try status.string(example: "status: ./pending"))
            },
            up: ShellCommand.arguments(try up.string(example: "up: ./migrate")),
            isCompatible: try fields["compatible"]?.flag(example: "compatible: true") ?? false)
        plan.timeout = try fields["timeout"]?.seconds(1...86_400, example: "timeout: 1h") ?? plan.timeout
        return plan
    }
}
