import Routing
import TestKit
import Testing

@testable import Server

@Suite struct CertificateSettingsTests {
    private func configuration(_ settings: [String: String]) throws -> Configuration {
        try Configuration(environment: settings.merging(["MARTLET_CONFIG": "/dev/null", "MARTLET_DATA": "/x"]) { $1 })
    }

    @Test func `no certificates are got unless an address asks for it`() throws {
        #expect(try configuration([:]).acme == nil)
        let settings = try #require(try configuration(["MARTLET_ACME_EMAIL": "admin@example.com"]).acme)
        #expect(settings == ACMESettings(email: "admin@example.com"))
        #expect(settings.directory.hasPrefix("https://acme-v02."))
    }

    @Test func `the port of HTTPS follows that of HTTP`() throws {
        #expect(try configuration([:]).httpsPort == 8443)
        #expect(try configuration(["MARTLET_HTTP_PORT": "80"]).httpsPort == 443)
        #expect(try configuration(["MARTLET_HTTP_PORT": "80", "MARTLET_HTTPS_PORT": "8443"]).httpsPort == 8443)
    }

    @Test func `everything about an authority and a DNS provider can be set`() throws {
        let settings = try configuration([
            "MARTLET_ACME_EMAIL": "a@b.example", "MARTLET_ACME_DIRECTORY": "https://ca.example/dir",
            "MARTLET_ACME_CA_FILE": "/etc/ca.pem", "MARTLET_DNS_PROVIDER": "hetzner",
            "MARTLET_DNS_CREDENTIALS_FILE": "/etc/dns", "MARTLET_DNS_RESOLVERS": "9.9.9.9:53,[::1]:53",
            "MARTLET_DNS_PROPAGATION": "off",
        ]).acme
        #expect(
            settings
                == ACMESettings(
                    email: "a@b.example", directory: "https://ca.example/dir", rootsFile: "/etc/ca.pem",
                    dns: ACMESettings.DNS(
                        provider: "hetzner", credentialsFile: "/etc/dns", resolvers: ["9.9.9.9:53", "[::1]:53"],
                        waitsForPropagation: false)))
    }

    @Test(arguments: [
        ["MARTLET_ACME_EMAIL": "nobody"], ["MARTLET_ACME_EMAIL": "../../x@b.example"],
        ["MARTLET_ACME_EMAIL": "-x@b.example"], ["MARTLET_ACME_DIRECTORY": "http://ca.example/dir"],
        ["MARTLET_ACME_CA_FILE": "ca.pem"], ["MARTLET_DNS_PROVIDER": "manual", "MARTLET_ACME_EMAIL": "a@b.example"],
        ["MARTLET_DNS_PROVIDER": "hetzner"],
        ["MARTLET_DNS_CREDENTIALS_FILE": "/x", "MARTLET_ACME_EMAIL": "a@b.example"],
        ["MARTLET_DNS_RESOLVERS": "9.9.9.9"], ["MARTLET_DNS_PROPAGATION": "maybe"], ["MARTLET_HTTPS_PORT": "0"],
    ])
    func `what cannot be used is refused by name`(settings: [String: String]) {
        let problem = #expect(throws: Configuration.Problem.self) { try configuration(settings) }
        let names = settings.keys.filter { problem?.description.contains("\($0): ") == true }
        #expect(names.count == 1 && problem?.description.contains("\n") == false, "\(problem?.description ?? "")")
    }
}
