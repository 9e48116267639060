/// An app that a buildpack refuses, or warns of, and in what words.
struct Refusal {
    let buildpack: String
    let app: String
    let files: [String: String]
    let reason: String
    var status = 1

    static let all = [
        Refusal(
            buildpack: "python", app: "old-python", files: [".python-version": "2.7\n", "main.py": ""],
            reason: "cannot provide Python 2.7, which .python-version asks for: the stack has Python 3"),
        Refusal(
            buildpack: "python", app: "no-start",
            files: ["pyproject.toml": "[project]\nname = \"x\"\nversion = \"1\"\n"],
            reason: "cannot tell how the app is started: no app.py, main.py"),
        Refusal(
            buildpack: "python", app: "pipfile", files: ["Pipfile": ""],
            reason: "a Pipfile is not understood; write requirements.txt"),
        Refusal(
            buildpack: "node", app: "bad-json", files: ["package.json": "{ \"name\": }"],
            reason: "cannot read package.json or static.json: SyntaxError: Unexpected token"),
        Refusal(
            buildpack: "node", app: "no-registry",
            files: [
                "package.json": #"{"main": "a.js", "dependencies": {"b": "1"}}"#, "a.js": "",
                ".npmrc": "registry=http://127.0.0.1:9",
            ],
            reason: "cannot install the packages: no npm from the registry"),
        Refusal(
            buildpack: "node", app: "old-node",
            files: ["server.js": "", "package.json": #"{"engines": {"node": "<4"}}"#],
            reason: "warning: package.json asks for Node.js <4", status: 0),
        Refusal(
            buildpack: "node", app: "build-fails", files: ["package.json": #"{"scripts": {"build": "exit 7"}}"#],
            reason: "cannot build the app: 'exit 7' exited with 7"),
        Refusal(
            buildpack: "ruby", app: "no-gems",
            files: [
                "Gemfile": "source \"http://127.0.0.1:9\"\ngem \"x\"\n",
                "Gemfile.lock": "GEM\n  remote: http://127.0.0.1:9/\n  specs:\n",
            ],
            reason: "cannot install the gems: the gem server does not answer"),
        Refusal(
            buildpack: "ruby", app: "old-ruby", files: [".ruby-version": "1.8.7\n", "main.rb": ""],
            reason: "cannot provide Ruby 1.8.7, which .ruby-version asks for"),
        Refusal(
            buildpack: "go", app: "no-main", files: ["go.mod": "module x\n", "x.go": "package x\n"],
            reason: "cannot find a program: no package is named 'main'"),
        Refusal(
            buildpack: "go", app: "new-go",
            files: ["go.mod": "module x\n\ngo 1.99.1\n", "main.go": "package main\nfunc main() {}\n"],
            reason: "1.99.1"),
        Refusal(
            buildpack: "php", app: "no-index", files: ["composer.json": "{}"],
            reason: "cannot tell how the app is started: no index.php"),
        Refusal(
            buildpack: "php", app: "bad-composer", files: ["composer.json": "{", "index.php": ""],
            reason: "cannot read composer.json: it is not JSON"),
        Refusal(
            buildpack: "procfile", app: "bad-procfile", files: ["Procfile": "web: x\nnonsense\n"],
            reason: "cannot read the Procfile: line 2 is not 'type: command'"),
        Refusal(
            buildpack: "procfile", app: "twice", files: ["Procfile": "web: x\nweb: y\n"],
            reason: "cannot read the Procfile: line 2 declares 'web' again"),
        Refusal(
            buildpack: "static", app: "bad-root", files: ["static.json": #"{"root": "../up"}"#],
            reason: "cannot use static.json: its root '../up' is not a folder of the app"),
    ]
}
