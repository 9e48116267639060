/// Something the server says no to, in words for the person who asked. It is their mistake or their lack of a right,
/// never our fault: any other error is shown as an incident.
package struct Refusal: Error, CustomStringConvertible, Equatable {
    /// What failed, why, and what to do next: one line without a full stop.
    package let text: String
    /// The exit status for a command: 1 refused, 2 wrong usage.
    package let exitStatus: Int32

    package init(_ text: String, exitStatus: Int32 = 1) {
        self.text = text
        self.exitStatus = exitStatus
    }

    package var description: String { text }
}

/// The catalogue of everything the server can say no to, outside the form of a command's own arguments.
extension Refusal {
    // An app that does not exist and one that is not yours read the same, byte for byte: names must not leak.
    package static func unknownApp(_ name: String) -> Refusal {
        Refusal("no app named '\(name)'; 'apps list' shows yours, 'apps create' makes one")
    }

    package static func appNameTaken(_ name: String) -> Refusal {
        Refusal("there is an app named '\(name)' already; choose another name")
    }

    package static func invalidAppName(_ name: String) -> Refusal {
        Refusal(
            "'\(name)' is not an app name: use 1-30 lower-case letters, digits and '-', beginning with a letter "
                + "and not ending with '-'",
            exitStatus: 2)
    }

    package static func invalidUserName(_ name: String) -> Refusal {
        Refusal(
            "'\(name)' is not a user name: use 1-32 lower-case letters, digits, '-', '_' and '.', beginning with a letter",
            exitStatus: 2)
    }

    package static func userNameTaken(_ name: String) -> Refusal {
        Refusal("cannot add user '\(name)': the name is taken; choose another")
    }

    package static func unknownUser(_ name: String) -> Refusal {
        Refusal("no user named '\(name)'; 'users list' shows admins all of them")
    }

    package static func userOwnsApps(_ name: String) -> Refusal {
        Refusal(
            "cannot remove user '\(name)': they own apps; transfer or destroy those first ('apps list --owner \(name)')"
        )
    }

    package static func lastAdmin(_ name: String) -> Refusal {
        Refusal("cannot remove or demote '\(name)': nobody else is an admin; promote another user first")
    }

    package static let adminOnly = Refusal("only an admin may do this; ask one")

    package static func needs(_ role: Role, on app: AppName, has: Role) -> Refusal {
        Refusal("cannot do this with app '\(app)': it needs the role \(role.rawValue), yours is \(has.rawValue)")
    }

    package static let keyTaken = Refusal("cannot add the key: it is registered already; each key belongs to one user")

    package static func keyNameTaken(_ name: String) -> Refusal {
        Refusal("cannot add the key: there is one named '\(name)'; give another with --name, or remove that one first")
    }

    package static func unknownKey(_ key: String) -> Refusal {
        Refusal("no key '\(key)'; 'keys list' shows names and fingerprints")
    }

    package static func unknownBuild(_ number: Int, of app: AppName) -> Refusal {
        Refusal("app '\(app)' has no build \(number); 'builds list \(app)' shows them")
    }

    package static func noBuilds(of app: AppName) -> Refusal {
        Refusal("app '\(app)' has no builds yet; push to it first")
    }

    package static func unknownRelease(_ number: Int, of app: AppName) -> Refusal {
        Refusal("app '\(app)' has no release v\(number); 'releases list \(app)' shows them")
    }

    package static func nothingLive(_ app: AppName) -> Refusal {
        Refusal("app '\(app)' has no release that serves; push to it first")
    }

    package static func noCanary(_ app: AppName) -> Refusal {
        Refusal("app '\(app)' has no canary; 'deploy \(app) COMMIT --canary PERCENT' starts one")
    }

    package static func unknownVolume(_ name: String, of app: AppName) -> Refusal {
        Refusal("app '\(app)' has no volume '\(String(name.prefix(60)).escaped)'; 'volumes list \(app)' shows them")
    }

    package static func unknownDomain(_ address: String, of app: AppName) -> Refusal {
        Refusal("app '\(app)' has no domain '\(address)'; 'domains list \(app)' shows them")
    }

    package static func domainPresent(_ domain: Domain, _ app: AppName) -> Refusal {
        Refusal("app '\(app)' has '\(domain.address)' already; 'domains list \(app)' shows what it does")
    }

    // Whose it is stays unsaid: names must not leak.
    package static func domainTaken(_ host: String) -> Refusal {
        Refusal("cannot add '\(host)': it is in use already; if it is yours, ask an admin")
    }

    /// For admins.
    package static func defaultHost(_ host: String, of app: String) -> Refusal {
        Refusal("cannot add '\(host)': it is the address of app '\(app)'; rename that first, or add a path of the host")
    }

    package static func hostTaken(_ host: String) -> Refusal {
        Refusal("the app's address '\(host)' would lead elsewhere: it is a domain already; choose another name")
    }

    package static func addressTaken(_ domain: Domain) -> Refusal {
        Refusal("cannot add '\(domain.address)': another app that you maintain has it; remove it there first")
    }

    package static func portPresent(_ port: PublishedPort, _ app: AppName) -> Refusal {
        Refusal(
            "app '\(app)' has port \(port.port)/\(port.transport.rawValue) already; to change where it leads, "
                + "'ports remove' it first")
    }

    package static func unknownPort(
        _ port: Int, _ transport: PublishedPort.TransportProtocol, of app: AppName
    ) -> Refusal {
        Refusal("app '\(app)' has no port \(port)/\(transport.rawValue); 'ports list \(app)' shows them")
    }

    package static func invalidConfigName(_ name: String) -> Refusal {
        Refusal(
            "'\(name)' is not a variable's name: use 1-128 letters, digits and '_', beginning with no digit",
            exitStatus: 2)
    }

    package static func reservedConfigName(_ name: String) -> Refusal {
        Refusal("'\(name)' cannot be set: Martlet sets it itself; use another name", exitStatus: 2)
    }

    package static func unsetVariable(_ name: ConfigName, of app: AppName) -> Refusal {
        Refusal("app '\(app)' has no variable '\(name)'; 'config list \(app)' shows them")
    }
}
