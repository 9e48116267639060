import Platform
import Routing

extension SettingReader {
    /// How certificates are got; nil when no `MARTLET_ACME_EMAIL` asks for it.
    mutating func acmeSettings() -> ACMESettings? {
        let email = text("MARTLET_ACME_EMAIL", "an e-mail address") {
            $0.wholeMatch(of: #/[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9][A-Za-z0-9.-]*/#) != nil
        }
        let directory = read("MARTLET_ACME_DIRECTORY", ACMESettings.defaultDirectory, "an https:// address") { text in
            text.wholeMatch(of: #/https:\/\/[!-~]+/#) == nil ? nil : text
        }
        let rootsFile = absolutePath("MARTLET_ACME_CA_FILE")
        let dns = dnsSettings()
        guard let email else {
            if dns != nil {
                refuse("MARTLET_DNS_PROVIDER", "certificates are got only with MARTLET_ACME_EMAIL set as well")
            }
            return nil
        }
        return ACMESettings(email: email, directory: directory, rootsFile: rootsFile, dns: dns)
    }

    private mutating func dnsSettings() -> ACMESettings.DNS? {
        // The provider 'manual' waits for a person at a terminal.
        let provider = text("MARTLET_DNS_PROVIDER", "one of those that 'lego dnshelp' lists") {
            $0.wholeMatch(of: #/[a-z0-9][a-z0-9-]*/#) != nil && $0 != "manual"
        }
        let file = absolutePath("MARTLET_DNS_CREDENTIALS_FILE")
        let resolvers = read("MARTLET_DNS_RESOLVERS", [], "addresses such as 9.9.9.9:53, with commas between") {
            text -> [String]? in
            let all = text.split(separator: ",").map(String.init)
            return all.allSatisfy { $0.wholeMatch(of: #/[A-Za-z0-9.\[\]:-]+:[0-9]{1,5}/#) != nil } ? all : nil
        }
        let waits = onOff("MARTLET_DNS_PROPAGATION", true)
        guard let provider else {
            if file != nil { refuse("MARTLET_DNS_CREDENTIALS_FILE", "it is of no use without MARTLET_DNS_PROVIDER") }
            return nil
        }
        return ACMESettings.DNS(
            provider: provider, credentialsFile: file, resolvers: resolvers, waitsForPropagation: waits)
    }

    private mutating func absolutePath(_ name: String) -> String? {
        text(name, "a path from the root, such as /etc/martlet/file") { $0.hasPrefix("/") && $0.utf8.count > 1 }
    }

    /// nil when it is not set.
    private mutating func text(_ name: String, _ form: String, _ isValid: (String) -> Bool) -> String? {
        read(name, String?.none, form) { isValid($0) ? .some(.some($0)) : .none }
    }
}

extension DataFolder {
    /// What nginx reads of hosts' certificates.
    var certificates: String { "\(path)/certificates" }
    /// The account at the certificate authority.
    var acme: String { "\(path)/acme" }
}
