import ArgumentParser

struct CertificatesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificates", abstract: "With which certificates apps are reached over HTTPS.",
        subcommands: [
            CertificatesList.self, CertificatesInfo.self, CertificatesAdd.self, CertificatesRemove.self,
            CertificatesRenew.self,
        ])
}
