import Foundation
import TestKit

/// Certificates of all kinds, made anew for each test run.
struct SampleCertificates: Sendable {
    private static let made = Task {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let result = try await Command(["sh", "-c", script], directory: scratch.path).run()
        guard result.status == 0 else { throw Unmet("cannot make certificates: \(result)") }
        var files: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: scratch.path) {
            files[name] = try String(contentsOfFile: "\(scratch.path)/\(name)", encoding: .utf8)
        }
        return SampleCertificates(files: files)
    }

    private let files: [String: String]

    static var all: SampleCertificates { get async throws { try await made.value } }

    /// Several files in a row, such as `leaf.pem`, `leaf.key`.
    func text(_ names: String...) throws -> String { try text(names) }

    func text(_ names: [String]) throws -> String {
        try names.map { name in
            guard let text = files[name] else { throw Unmet("there is no sample '\(name)'") }
            return text
        }.joined()
    }

    private static let script = """
        set -e
        printf '[req]\\ndistinguished_name=dn\\nprompt=no\\n[dn]\\n' > conf
        # NAME SIGNER SUBJECT KEY EXTENSION...
        make() {
            name=$1 signer=$2 subject=$3 kind=$4; shift 4
            openssl genpkey $kind -out $name.key 2> /dev/null
            set -- $(for extension in "$@"; do printf -- '-addext %s ' "$extension"; done)
            [ -z "$signer" ] || set -- -CA $signer.pem -CAkey $signer.key "$@"
            openssl req -x509 -config conf -key $name.key -subj "$subject" -days 60 "$@" -out $name.pem
        }
        ec='-algorithm EC -pkeyopt ec_paramgen_curve:P-256'
        authority='basicConstraints=critical,CA:TRUE'
        shop='subjectAltName=DNS:shop.example'
        make root '' /CN=Root "$ec" $authority
        make middle root /CN=Middle "$ec" $authority
        make other '' /CN=Other "$ec" $authority
        make impostor other /CN=Middle "$ec" $authority
        make leaf middle /CN=leaf "$ec" basicConstraints=CA:FALSE $shop,DNS:*.wild.example
        make direct root /CN=direct "$ec" basicConstraints=CA:FALSE $shop
        make unnamed middle /CN=shop.example "$ec" basicConstraints=CA:FALSE
        make rsa middle /CN=rsa '-algorithm RSA -pkeyopt rsa_keygen_bits:2048' $shop
        make weak middle /CN=weak '-algorithm RSA -pkeyopt rsa_keygen_bits:1024' $shop
        make edwards middle /CN=edwards '-algorithm ED25519' $shop
        make curve middle /CN=curve '-algorithm EC -pkeyopt ec_paramgen_curve:P-521' $shop
        make self '' /CN=self "$ec" $shop
        make client middle /CN=client "$ec" $shop extendedKeyUsage=clientAuth
        openssl req -x509 -config conf -key leaf.key -subj /CN=old -days 60 -sha1 -CA middle.pem -CAkey middle.key \\
            -addext $shop -out old.pem
        openssl pkey -in leaf.key -aes128 -passout pass:x -out locked.key
        openssl ecparam -name prime256v1 > leaf.parameters
        printf -- '-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----\\n' > damaged.pem
        printf -- '-----BEGIN PRIVATE KEY-----\\nAAAA\\n-----END PRIVATE KEY-----\\n' > damaged.key
        head -n 3 leaf.pem > cut.pem
        openssl pkey -in leaf.key -pubout > public.pem
        """
}
