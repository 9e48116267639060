/// What a file of another system says about a build with buildpacks.
struct ForeignSettings: Equatable {
    /// The path of the file.
    let file: String
    /// The folder that is built; nil when it says nothing of that.
    var context: String?
    var plan = BuildpackPlan()
    var remarks: [String] = []

    init(file: String) { self.file = file }

    /// The folder that the file is in; empty for the top.
    static func folder(of file: String) -> String {
        file.lastIndex(of: "/").map { String(file[..<$0]) } ?? ""
    }

    /// A complaint about the file.
    static func error(_ file: String, _ line: Int?, _ text: String, hint: String? = nil) -> BuildError {
        BuildError("\(file)\(line.map { ":\($0)" } ?? ""): \(text)", hint: hint)
    }
}
